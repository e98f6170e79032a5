"""The provider that every `<line>_views` service answers through: signed queries by name, and lost records again."""

import threading
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any

from kombu import Connection
from nameko.extensions import DependencyProvider

from shared.kernel.errors import BadInput, NotEntitled, NotYet, Refusal
from shared.kernel.line import Line
from shared.kernel.outcome import told
from shared.messaging import embedded
from shared.messaging.relay import Publisher
from shared.platform import confidential
from shared.platform.door import NotFromTheDoor, Query
from shared.platform.logs import logger
from shared.runtime.calls import Asked, Resend
from shared.runtime.queries import PAGE, Answering, Entitled, journal_queries, nothing_there
from shared.runtime.tools import Tools
from shared.store import journal

embedded.register()

FRESH = timedelta(minutes=5)
"""How long after the door signed it a query is answered: who copied one cannot ask it again next week."""


class Views(DependencyProvider):
    """Gives a service's methods one `Viewed`. `queries` are the line's own; `entitled` says who is given a stream."""

    def __init__(self, line: Line, queries: Mapping[str, Answering], entitled: Entitled) -> None:
        self._line = line
        self._queries = {**journal_queries(entitled), **queries}

    def setup(self) -> None:
        """Open the database and the keys."""
        self._viewed = Viewed(Tools(self._line.name, self.container.config["ggzy"]), self._queries, self._line.name)

    def get_dependency(self, worker_ctx: Any) -> "Viewed":
        """Return what the methods use."""
        del worker_ctx
        return self._viewed


class Viewed:
    """The reading side of one service. Nothing here writes a row, and no question or answer is logged."""

    def __init__(self, tools: Tools, queries: Mapping[str, Answering], name: str = "") -> None:
        self._tools = tools
        self._name = name
        self._queries = queries
        self._resending = threading.Lock()

    def answer(self, said: Asked | Resend) -> dict[str, Any] | None:
        """Return `{"answer": ...}` or `{"refusal": {code, zh, en, article}}`; nothing for a resend."""
        if isinstance(said, Resend):
            self._resend(said)
            return None
        try:
            query = self._query(said)
            if query.name == confidential.NAME:
                return {"answer": self._confidentially(query)}
            return self._answered(query)
        except Refusal as refusal:
            return {"refusal": told(refusal).model_dump(mode="json")}

    def _confidentially(self, query: Query) -> str:
        """Answer the signed query inside a sealed question, sealed to who asked."""
        try:
            inner = confidential.open_question(self._question_key, str(query.arguments.get("sealed")))
        except confidential.NotConfidential as error:
            raise BadInput("密封的查询无法打开", "the sealed question does not open") from error
        answered = self.answer(Asked(inner.asked, inner.signature))
        return confidential.seal_answer(inner.reply_key, answered)

    def _answered(self, query: Query) -> dict[str, Any]:
        with self._tools.database.read() as connection:
            return {"answer": self._function(query)(self._tools, connection, query)}

    @cached_property
    def _question_key(self) -> str:
        return confidential.service_key(self._tools.keyring, self._name)

    def _query(self, asked: Asked) -> Query:
        try:
            query = self._tools.gatekeeper.query(asked.asked, asked.signature)
        except NotFromTheDoor as error:
            logger().error("query_not_from_the_door")
            raise NotEntitled("未经平台入口签名", "not signed by the platform's door") from error
        if abs(self._tools.clock.now() - query.at) > FRESH:
            raise NotYet("查询签名已过时，请重新查询", "this query was signed too long ago; ask again")
        return query

    def _function(self, query: Query) -> Answering:
        if query.name not in self._queries:
            raise nothing_there()  # another answer would tell that the line has what is asked about
        return self._queries[query.name]

    def _resend(self, asked: Resend) -> None:
        """Publish journal rows again as the relay does, one range at a time: who asks meanwhile will ask again."""
        if not self._resending.acquire(blocking=False):
            return
        try:
            with Connection(self._tools.settings.broker) as connection:
                self._publish(Publisher(connection, self._tools.hallmark), asked)
        finally:
            self._resending.release()

    def _publish(self, publisher: Publisher, asked: Resend) -> None:
        position, last = asked.first, asked.last
        while position <= last:
            with self._tools.database.read() as connection:
                written = journal.positions(connection, position, min(last, position + PAGE - 1))
            if not written:
                return
            for item in written:
                publisher.tell(item)
            publisher.confirm()
            position = written[-1].record.position + 1
