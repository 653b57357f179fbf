# SPDX-License-Identifier: Apache-2.0
#
#   mvn -DskipTests package && docker build -t facsim .
#   docker run --rm -p 127.0.0.1:2049:2049 --read-only --tmpfs /tmp:exec --cap-drop ALL facsim serve --volume datastore1=40GiB
#
# docs/containers.md has the rest. BASE needs a Java 17 or newer and a shell on its PATH, nothing else. /tmp must allow
# execution: the natives of the network and of the data directory's engine are loaded from there.
ARG BASE=eclipse-temurin:17-jre
FROM ${BASE}

# A volume that is mounted at /data for the first time belongs to the user below.
RUN mkdir /data && chown 10001:10001 /data
COPY array-app/target/lib /opt/facsim/lib
COPY array-app/target/facsim.jar /opt/facsim/
COPY container/facsim /opt/facsim/bin/

# The classes of a server and of its clients, mapped instead of read, checked and linked at each start. They belong to this
# very Java, and the path of the jar is part of them. A base that cannot make them starts without.
RUN cd /tmp && { \
      java -XX:+UseSerialGC -XX:DumpLoadedClassList=classes -cp /opt/facsim/facsim.jar org.facsim.app.cli.Rehearsal ready && \
      java -XX:+UseSerialGC -Xshare:dump -XX:SharedClassListFile=classes -XX:SharedArchiveFile=/opt/facsim/facsim.jsa \
        -jar /opt/facsim/facsim.jar; \
    } >/dev/null 2>&1 || true; \
    rm -rf /tmp/*

USER 10001:10001
# HTTP is open on the container's own loopback, for 'docker exec CONTAINER facsim stats'. It has no authentication: whoever
# publishes it sets FACSIM_HTTP_LISTEN=0.0.0.0 and publishes it to the loopback address of the machine.
ENV PATH=/opt/facsim/bin:${PATH} \
    FACSIM_LISTEN=0.0.0.0 FACSIM_NFS_PORT=2049 FACSIM_HTTP_PORT=8080 FACSIM_JAVA_OPTS=
EXPOSE 2049 8080
# Docker 25 and newer can be quicker still: --health-start-interval 500ms, as compose.yaml says.
HEALTHCHECK --interval=3s --timeout=10s --start-period=60s --retries=3 CMD ["facsim", "probe"]
ENTRYPOINT ["facsim"]
CMD ["serve"]
