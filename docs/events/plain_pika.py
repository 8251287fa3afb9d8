"""A subscriber in thirty lines: prints billing's receivables. A message is a wake-up; the feed says what there is.

python plain_pika.py http://127.0.0.1:8000 vgk_… amqp://sub.NAME:…@127.0.0.1:5672/vigencia places.json
"""

import json, os, sys, urllib.parse, urllib.request  # noqa: E401,I001
import pika

gateway, key, broker, file = sys.argv[1:]
places = json.load(open(file)) if os.path.exists(file) else {}  # partition → [offset, chain, feed]


def ask(path, **place):
    url = f"{gateway}/api/v1/feeds/billing{path}?{urllib.parse.urlencode(place)}"
    return json.load(urllib.request.urlopen(urllib.request.Request(url, headers={"Authorization": f"Bearer {key}"})))


def catch_up(partition):
    while True:
        offset, chain, feed = places.get(partition, [-1, "", None])
        page = ask("", partition=partition, after=offset, chain=chain, **({"feed": feed} if feed else {}))
        for event in page["events"]:
            if event["type"] == "billing.receivable.issued":
                print(event["data"]["number"], event["data"]["net"], flush=True)  # the effect; then the place
        places[partition] = [page["through"], page["chain"], page["feed"]]
        json.dump(places, open(f"{file}.part", "w"))
        os.replace(f"{file}.part", file)
        if page["through"] >= page["head"]:
            return


channel = pika.BlockingConnection(pika.URLParameters(broker)).channel()
queue = f"{urllib.parse.urlsplit(broker).username}.receivables"
channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum", "x-single-active-consumer": True})
channel.queue_bind(queue, "events", routing_key="billing.#")
for head in ask("/heads")["partitions"]:
    catch_up(str(head["partition"]))
for method, _, body in channel.consume(queue):
    event = json.loads(body)
    if event["offset"] > places[str(event["partition"])][0]:
        catch_up(str(event["partition"]))
    channel.basic_ack(method.delivery_tag)
