"""Messages that came back after the mail server had accepted them, for pages and papers."""

from accounts_requests.models import Bounce, Message


def of_message(message: Message) -> Bounce | None:
    """How ``message`` came back; None when it has not. Join ``bounce``."""
    return getattr(message, "bounce", None)
