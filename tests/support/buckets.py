"""A real server that speaks S3, in this process: what is kept in a bucket goes over HTTP as anywhere."""

from collections.abc import Iterator

import boto3
import pytest
from moto.server import ThreadedMotoServer


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of an S3 server that all tests of a worker share."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket_url(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty bucket, with the keys to it in the environment."""
    own = {"ENDPOINT_URL": s3_server, "ACCESS_KEY_ID": "k", "SECRET_ACCESS_KEY": "s", "REGION": "eu-west-1"}
    for name, value in {**own, "DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="nomen")
    for row in client.list_objects_v2(Bucket="nomen").get("Contents", ()):
        client.delete_object(Bucket="nomen", Key=row["Key"])
    return "s3://nomen/site"
