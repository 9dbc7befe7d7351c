"""The room where everybody talks."""

from __future__ import annotations

from antiphon.domains.social import api as social
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.registry import Answer, endpoint

NEWEST = 200
TEXT_MAX = 2_000


@endpoint("getChatMessages", permission="social.talk")
async def get_chat_messages(call: Call) -> Answer:
    async with call.reading() as conn:
        found = await social.messages(conn, call.params.moment("since"), NEWEST)
    shown = [
        {"username": one.handle, "time": int(one.sent_at.timestamp() * 1000), "message": one.text} for one in found
    ]
    return {"chatMessages": {"chatMessage": shown}}


@endpoint("addChatMessage", permission="social.talk", cost="write")
async def add_chat_message(call: Call) -> Answer:
    said = social.NewMessage(call.params.needed("message")[:TEXT_MAX])
    async with call.changing() as uow:
        await social.say(uow, call.user_id, said)
    return {}
