"""What the page may load and do, told to the browser (Content-Security-Policy)."""

from __future__ import annotations

_POLICY = {
    "default-src": "'self'",
    # Gradio starts from inline scripts; its interface and Plotly's figures build functions.
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "media-src": "'self' data: blob:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}

CONTENT_SECURITY_POLICY = "; ".join(f"{name} {sources}" for name, sources in _POLICY.items())
"""Everything comes from the studio itself; nothing goes elsewhere but live sound on its own port.

``frame-ancestors`` is left out: a Hugging Face Space shows the page in a frame of its own.
"""
