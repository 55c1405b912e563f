"""The container gets everything that it copies and runs."""

import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
LET_IN = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)


def test_what_it_copies_by_name_is_there_and_let_in():
    copied = re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE)
    names = {name for line in copied for name in line.split()} - {"."}
    requirements = {"constraints.txt", "requirements.txt", "requirements-cpu.txt"}
    assert names == {"packages.txt", *requirements}
    for name in names:
        assert (ROOT / name).is_file() and name in LET_IN


def test_what_it_runs_is_let_in():
    assert {"app.py", "studio", "models", "assets/experiments", "assets/gallery"} <= set(LET_IN)
    assert 'CMD ["python", "app.py"]' in DOCKERFILE


def test_the_small_build_of_pytorch_is_asked_for_in_its_own_file_only():
    index = "--extra-index-url https://download.pytorch.org/whl/cpu"
    small = (ROOT / "requirements-cpu.txt").read_text().splitlines()
    assert index in small and "-r requirements.txt" in small and "-c constraints.txt" in small
    assert "index" not in (ROOT / "requirements.txt").read_text()
    assert "pip install --no-cache-dir -r requirements-cpu.txt" in DOCKERFILE


def test_its_health_check_asks_the_port_that_the_studio_listens_to():
    program, *arguments = json.loads(
        re.search(r"HEALTHCHECK .*\\\n +CMD (.+)", DOCKERFILE).group(1)
    )
    assert program == "python"

    class Health(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Health) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = {**os.environ, "PORT": str(server.server_port)}
        check = [sys.executable, *arguments]
        assert subprocess.run(check, env=environment).returncode == 0
        server.shutdown()
    assert subprocess.run(check, env=environment, stderr=subprocess.DEVNULL).returncode == 1
