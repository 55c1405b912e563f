# The studio for everyone: docker build -t studio . && docker run --rm -p 7860:7860 studio
# A Hugging Face Space is built from this file, too (docs/hosting.md).
FROM python:3.12-slim

# ffmpeg reads M4A recordings; everything else comes from Python packages.
COPY packages.txt /tmp/packages.txt
RUN apt-get update \
    && xargs -a /tmp/packages.txt apt-get install -y --no-install-recommends \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
# PyTorch's own index has the build without CUDA, which is some gigabytes smaller.
COPY constraints.txt requirements.txt requirements-cpu.txt ./
RUN pip install --no-cache-dir -r requirements-cpu.txt

# Nobody inside is root. 1000 is who runs a Space.
RUN useradd --create-home --uid 1000 studio
COPY . .
USER studio

# Others can reach this one: it listens to every address and limits what a dream may take. Two pools
# of memory for all threads instead of eight a processor: 64 MB less with eight users.
ENV GRADIO_SERVER_NAME=0.0.0.0 \
    MALLOC_ARENA_MAX=2 \
    PORT=7860 \
    STUDIO_HOSTED=1 \
    PYTHONUNBUFFERED=1
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=4)"]
CMD ["python", "app.py"]
