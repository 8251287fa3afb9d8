// Starts the page on which the API can be tried. The token that log-in answers is kept for the following calls.
window.ui = SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  responseInterceptor: (response) => {
    if (response.ok && response.url.endsWith("/api/v1/session") && response.body && response.body.token) {
      window.ui.preauthorizeApiKey("bearer", response.body.token);
    }
    return response;
  },
});
