"""From a conversation to a question that stands alone: pure, without a model or an archive."""

from qa_service.conversation.rewriting import standalone

__all__ = ["standalone"]
