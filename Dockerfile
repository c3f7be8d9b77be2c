# The same steps as `make setup`, with the model baked in: the container needs no network.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    QA_HOST=0.0.0.0 \
    QA_DATA_DIR=/data \
    QA_MODEL_CACHE=/opt/models

RUN useradd --uid 10001 --create-home qa && install --directory --owner qa /data /backups

WORKDIR /app
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY index index
COPY qa_service qa_service
RUN pip install --constraint requirements.lock . && qa setup

USER qa
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/ready', timeout=4)"]
CMD ["qa", "serve"]
