// Parts that come after their page: data-load names the address of what stands there. Without a script the page does without.
for (const place of document.querySelectorAll("[data-load]")) {
  fetch(place.dataset.load).then(async (answer) => {
    if (!answer.ok || answer.redirected) return;
    place.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
  }).catch(() => {});
}
