"""The exchanges and queues of the platform; declared by `ggzy migrate` and again by whoever uses them."""

from time import sleep

from kombu import Connection, Exchange, Queue, binding

from shared.messaging.heads import HEADS

EVENTS = Exchange("ggzy.events", type="topic", durable=True)
"""Every record of every service, under its event type; audit binds `#` and names no line of business."""

CALLS = Exchange("nameko-rpc", type="topic", durable=True)
"""Commands and queries, where nameko's own clients send them; and the replies."""

DEAD = Exchange("ggzy.dead", type="fanout", durable=True)
"""What no consumer could read or handle, kept for an operator."""

DEAD_QUEUE = Queue("ggzy.dead", DEAD, durable=True)

DELIVERY_LIMIT = 20
"""How often a message is delivered before it is dead-lettered; deaths of consumers count too, so it is not small."""

_ARGUMENTS = {
    "x-queue-type": "quorum",
    "x-delivery-limit": DELIVERY_LIMIT,
    "x-dead-letter-exchange": DEAD.name,
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
}


def call_queue(service: str) -> Queue:
    """Return the queue of calls to a service, bound as nameko binds it."""
    return Queue(f"rpc-{service}", CALLS, routing_key=f"{service}.*", durable=True, queue_arguments=_ARGUMENTS)


def event_queue(consumer: str, *patterns: str) -> Queue:
    """Return a consumer's queue of the events that match any of the patterns."""
    bindings = [binding(EVENTS, routing_key=pattern) for pattern in patterns]
    return Queue(f"events-{consumer}", bindings=bindings, durable=True, queue_arguments=_ARGUMENTS)


def reply_queue(name: str) -> Queue:
    """Return a caller's own queue of replies, gone with its connection."""
    return Queue(name, CALLS, routing_key=name, exclusive=True, durable=False, auto_delete=True)


def heads_queue(service: str, suffix: str) -> Queue:
    """Return a process's own queue of what the audit tells of the ledger's head; old news there makes way for new."""
    return Queue(
        f"heads-{service}-{suffix}",
        EVENTS,
        routing_key=HEADS,
        exclusive=True,
        durable=False,
        auto_delete=True,
        queue_arguments={"x-max-length": 10},
    )


SETTLE_SECONDS = 2.0


def declare(uri: str, queues: list[Queue]) -> None:
    """Declare everything that publishers rely on, before any of them starts.

    A RabbitMQ 3.10 node killed within a second of a quorum queue's declaration never finds the queue's leader again,
    so nothing is put into one until it has settled.
    """
    with Connection(uri) as connection:
        channel = connection.channel()
        for entity in (EVENTS, CALLS, DEAD_QUEUE, *queues):
            entity(channel).declare()
    if queues:
        sleep(SETTLE_SECONDS)
