"""When a silent conversation is reminded, and when it is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from dialogs.engine.conversation import Conversation

REMINDED_AFTER = timedelta(hours=2)
EXPIRES_AFTER = timedelta(days=7)
DIGRESSION_EXPIRES_AFTER = timedelta(hours=1)
DAY_BEGINS, DAY_ENDS = time(8), time(21)


def expire(conversation: Conversation, at: datetime) -> Conversation:
    """Close what has been silent too long: first a digression, in the end everything."""
    if conversation.heard_at is None or not conversation.frames:
        return conversation
    silent = at - conversation.heard_at
    if silent >= EXPIRES_AFTER:
        return replace(conversation, frames=())
    if silent >= DIGRESSION_EXPIRES_AFTER and len(conversation.frames) > 1:
        return replace(conversation, frames=conversation.frames[:1])
    return conversation


def reminder_due(conversation: Conversation, at: datetime, zone: ZoneInfo) -> bool:
    """Whether it is time for the one reminder of an abandoned dialog."""
    due = _reminder_at(conversation, zone)
    return due is not None and at >= due and _in_daytime(at, zone) == at


def next_wake(conversation: Conversation, at: datetime, zone: ZoneInfo) -> datetime | None:
    """When the conversation wants to be woken, if nobody speaks before."""
    if conversation.heard_at is None or not conversation.frames:
        return None
    moments = [conversation.heard_at + EXPIRES_AFTER]
    if len(conversation.frames) > 1:
        moments.append(conversation.heard_at + DIGRESSION_EXPIRES_AFTER)
    reminder = _reminder_at(conversation, zone)
    if reminder is not None:
        moments.append(_in_daytime(max(reminder, at), zone))
    return max(min(moments), at)


def _reminder_at(conversation: Conversation, zone: ZoneInfo) -> datetime | None:
    if conversation.reminded or conversation.heard_at is None or not conversation.frames:
        return None
    return _in_daytime(conversation.heard_at + REMINDED_AFTER, zone)


def _in_daytime(moment: datetime, zone: ZoneInfo) -> datetime:
    """`moment`, or the next morning when it falls into the night."""
    local = moment.astimezone(zone)
    if DAY_BEGINS <= local.time() < DAY_ENDS:
        return moment
    day = local.date() + timedelta(days=local.time() >= DAY_ENDS)
    return datetime.combine(day, DAY_BEGINS, zone).astimezone(moment.tzinfo)
