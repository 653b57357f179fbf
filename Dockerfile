# SPDX-License-Identifier: Apache-2.0
#
#   mvn -DskipTests package && docker build -t facsim .
#   docker run --rm -p 2049:2049 facsim
#   docker run --rm -p 2049:2049 --read-only --tmpfs /tmp:exec --cap-drop ALL facsim serve --volume datastore1=40GiB
#
# BASE needs a Java 17 or newer and a shell on its PATH, nothing else. /tmp must allow execution: the natives of the network and of the
# data directory's engine are loaded from there.
ARG BASE=eclipse-temurin:17-jre
FROM ${BASE}

# A volume that is mounted at /data for the first time belongs to the user below.
RUN mkdir /data && chown 10001:10001 /data
COPY array-app/target/lib /opt/facsim/lib
COPY array-app/target/facsim.jar /opt/facsim/

USER 10001:10001
ENV FACSIM_LISTEN=0.0.0.0 FACSIM_NFS_PORT=2049 FACSIM_JAVA_OPTS=
EXPOSE 2049
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=2 \
  CMD ["java", "-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-jar", "/opt/facsim/facsim.jar", "probe"]
# The shell adds FACSIM_JAVA_OPTS and replaces itself, so that signals reach the program.
ENTRYPOINT ["/bin/sh", "-c", "exec java -Xmx1g -Xms96m -Xmn64m -XX:+AlwaysPreTouch -XX:+UseTransparentHugePages -Dio.netty.leakDetection.level=disabled -XX:+ExitOnOutOfMemoryError -XX:+DisplayVMOutputToStderr -XX:+UseSerialGC -XX:-UsePerfData ${FACSIM_JAVA_OPTS} -jar /opt/facsim/facsim.jar \"$@\"", "facsim"]
CMD ["serve"]
