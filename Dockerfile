# SecureGateway in a container.
#   docker build -t securegateway .
#   docker run -p 8080:8080 -e ADMIN_KEY=... -v "$PWD/config:/config" -v securegateway-data:/data securegateway
# It listens on all addresses of the container, so it does not start without ADMIN_KEY (or admins in gateway.yaml).
FROM node:22-bookworm-slim AS console
WORKDIR /console
COPY gateway-console .
RUN sh build/build.sh

FROM eclipse-temurin:25
RUN apt-get update \
    && apt-get install -y --no-install-recommends maven python3 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /home/gateway gateway \
    && mkdir -p /config /data \
    && chown gateway:gateway /config /data
WORKDIR /opt/securegateway
COPY --chown=gateway:gateway . .
# Built above; nothing changed since, so that no Node.js is needed here.
COPY --from=console --chown=gateway:gateway /console/target gateway-console/target
RUN chown gateway:gateway .
USER gateway
# The first run builds; later ones find everything in place. Give `docker stop` 30 seconds: calls under way have 20.
RUN ./securegateway --version && rm -rf /home/gateway/.m2
ENV PORT=8080
EXPOSE 8080
VOLUME ["/config", "/data"]
ENTRYPOINT ["./securegateway"]
CMD ["serve", "--config", "/config", "--data", "/data"]
