"""/v1/ingest: the webhooks of the providers, which prove themselves by their own signatures."""

from typing import Any

from flask import request

from app.auth import PUBLIC, requires
from app.providers import PROVIDERS
from app.providers.webhooks.receiving import Receipt, receive
from app.reading import refuse_encoded
from app.routes.api import Blueprint
from app.schemas.ingest import ReceiptSchema

blp = Blueprint(
    "Webhooks", __name__, url_prefix="/v1/ingest", description="Where providers report calls."
)
PROVIDER = {
    "in": "path",
    "name": "provider",
    "required": True,
    "description": "Whose webhook it is.",
    "schema": {"type": "string", "enum": sorted(PROVIDERS)},
}


@blp.post("/<provider>", parameters=[PROVIDER])
@blp.response(200, ReceiptSchema)
@blp.errors("invalid_signature", "provider_not_configured")
@requires(PUBLIC)
def receive_webhook(provider: str) -> Receipt | dict[str, Any]:
    """Take in a provider's webhook

    Authenticated by the provider's own signature over the bytes as they came. Whatever is genuine
    is answered 200; the same event again changes nothing.
    """
    refuse_encoded(request)
    return receive(provider, request)
