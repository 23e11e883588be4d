"""The security headers of every answer."""

from flask import Flask, Response, g, request

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; style-src 'self'{styles}; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def configure(app: Flask) -> None:
    """Set the headers of every answer, after everything else has had its say."""
    app.after_request(_set_headers)


def allow_inline_styles() -> None:
    """Let this answer hold inline styles: plotly draws with them. Scripts never may."""
    g.inline_styles = True


def _set_headers(response: Response) -> Response:
    styles = " 'unsafe-inline'" if g.get("inline_styles") else ""
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY.format(styles=styles),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    # Without TLS browsers ignore it, and it would be a promise that the site does not keep.
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    for name, value in headers.items():
        # A view that has set one has its reason.
        response.headers.setdefault(name, value)
    return response
