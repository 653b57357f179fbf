/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.facsim.app.http.VaaiJson.CloneRequest;
import org.facsim.app.http.VaaiJson.FileJson;
import org.facsim.app.http.VaaiJson.JobJson;
import org.facsim.app.http.VaaiJson.ReserveRequest;
import org.facsim.app.http.VaaiJson.SessionJson;
import org.facsim.app.http.VaaiJson.SessionRequest;
import org.facsim.app.http.VaaiJson.StatisticsRequest;
import org.facsim.app.http.VaaiJson.SupportJson;
import org.facsim.protocol.net.IpAddresses;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.ReserveCall;
import org.facsim.protocol.vaai.ReserveMode;
import org.facsim.protocol.vaai.SessionEndCall;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.StatxCall;
import org.facsim.protocol.vaai.SupportCall;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.vaai.VaaiOperations;
import org.facsim.vaai.offload.Requester;

/**
 * The VAAI calls as JSON over HTTP: the same calls, limits and statuses as those of the ONC RPC
 * program.
 *
 * <p>The caller's ids come from the headers {@code Facsim-Uid}, {@code Facsim-Gid} and {@code
 * Facsim-Groups}, which are claims like those of AUTH_SYS. Without them the caller is root, like a
 * host's plugin. The export's rules for the client's address decide, as for NFS.
 */
final class VaaiRoutes {
  static final String UID = "Facsim-Uid";
  static final String GID = "Facsim-Gid";
  static final String GROUPS = "Facsim-Groups";
  private static final String SESSIONS = "/vaai/v1/sessions";
  private static final String SESSION = SESSIONS + "/:session";
  private static final long MAX_ID = 0xFFFF_FFFFL;
  private static final int MAX_GROUPS = 16;
  private static final int OK = 200;
  private static final int CREATED = 201;

  private final VaaiOperations operations;

  VaaiRoutes(VaaiOperations operations) {
    this.operations = operations;
  }

  void addTo(Routes routes) {
    routes.post(SESSIONS, this::startSession);
    routes.delete(SESSION, this::endSession);
    routes.get(SESSION + "/support/:primitive", this::support);
    routes.post(SESSION + "/clones", this::cloneFile);
    routes.get(SESSION + "/clones/:job", this::cloneStatus);
    routes.delete(SESSION + "/clones/:job", this::abortClone);
    routes.post(SESSION + "/reservations", this::reserve);
    routes.post(SESSION + "/statistics", this::statistics);
  }

  private void startSession(RoutingContext context) {
    SessionRequest body = JsonBodies.read(context, SessionRequest.class);
    SessionStartCall call =
        checked(
            () ->
                new SessionStartCall(
                    orElse(body.protocolVersion(), VaaiNas.PROTOCOL_VERSION),
                    orElse(body.fileSystemVersion(), 3),
                    VaaiJson.required("exportPath", body.exportPath()),
                    body.clientName() == null ? "http" : body.clientName(),
                    orElse(body.timeoutSeconds(), 0)));
    answer(
        context,
        operations.startSession(requester(context), call),
        (to, grant) -> Answers.json(to, CREATED, SessionJson.of(grant)));
  }

  private void endSession(RoutingContext context) {
    JsonBodies.readNothing(context);
    answer(
        context,
        operations.endSession(requester(context), new SessionEndCall(session(context))),
        (to, ended) -> Answers.noContent(to));
  }

  private void support(RoutingContext context) {
    VaaiPrimitive primitive =
        VaaiJson.oneOf(VaaiPrimitive.class, "primitive", context.pathParam("primitive"));
    answer(
        context,
        operations.support(requester(context), new SupportCall(session(context), primitive)),
        (to, supported) -> Answers.json(to, OK, SupportJson.of(supported)));
  }

  private void cloneFile(RoutingContext context) {
    CloneRequest body = JsonBodies.read(context, CloneRequest.class);
    Optional<SessionId> source = Optional.ofNullable(body.sourceSession()).map(VaaiJson::session);
    CloneCall call =
        checked(
            () ->
                new CloneCall(
                    session(context),
                    requestId(body.requestId()),
                    VaaiJson.flags(body.flags()),
                    source,
                    VaaiJson.<FileJson>required("source", body.source()).toFile("source"),
                    VaaiJson.<FileJson>required("destination", body.destination())
                        .toFile("destination")));
    answer(
        context,
        operations.cloneFile(requester(context), call),
        (to, job) -> Answers.json(to, OK, JobJson.of(job)));
  }

  private void cloneStatus(RoutingContext context) {
    answer(
        context,
        operations.cloneStatus(requester(context), job(context)),
        (to, job) -> Answers.json(to, OK, JobJson.of(job)));
  }

  private void abortClone(RoutingContext context) {
    JsonBodies.readNothing(context);
    answer(
        context,
        operations.abortClone(requester(context), job(context)),
        (to, job) -> Answers.json(to, OK, JobJson.of(job)));
  }

  private void reserve(RoutingContext context) {
    ReserveRequest body = JsonBodies.read(context, ReserveRequest.class);
    ReserveCall call =
        checked(
            () ->
                new ReserveCall(
                    session(context),
                    requestId(body.requestId()),
                    VaaiJson.<FileJson>required("file", body.file()).toFile("file"),
                    VaaiJson.oneOf(ReserveMode.class, "mode", body.mode()),
                    notNegative("sizeBytes", orElse(body.sizeBytes(), 0))));
    answer(
        context,
        operations.reserveSpace(requester(context), call),
        (to, reserved) -> Answers.json(to, OK, reserved));
  }

  private void statistics(RoutingContext context) {
    StatisticsRequest body = JsonBodies.read(context, StatisticsRequest.class);
    StatxCall call =
        checked(
            () ->
                new StatxCall(
                    session(context),
                    VaaiJson.<FileJson>required("file", body.file()).toFile("file")));
    answer(
        context,
        operations.statistics(requester(context), call),
        (to, space) -> Answers.json(to, OK, space));
  }

  // ---------------------------------------------------------------- both directions

  /** Sends a reply when it is ready, from whichever thread. */
  private static <T extends VaaiMessage> void answer(
      RoutingContext context,
      CompletableFuture<VaaiReply<T>> future,
      BiConsumer<RoutingContext, T> sender) {
    var unused = future.whenComplete((reply, failure) -> send(context, reply, failure, sender));
  }

  private static <T extends VaaiMessage> void send(
      RoutingContext context,
      VaaiReply<T> reply,
      Throwable failure,
      BiConsumer<RoutingContext, T> sender) {
    try {
      if (failure != null) {
        Answers.failure(context, failure);
      } else if (reply.isOk()) {
        sender.accept(context, reply.value());
      } else {
        Answers.problem(context.request(), VaaiProblems.of(reply));
      }
    } catch (RuntimeException defect) {
      Answers.failure(context, defect);
    }
  }

  private interface Making<T> {
    T make();
  }

  /** Makes a message. If its own bounds refuse a value, the answer says so in words. */
  private static <T> T checked(Making<T> making) {
    try {
      return making.make();
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(e.getMessage());
    }
  }

  private static SessionId session(RoutingContext context) {
    return VaaiJson.session(context.pathParam("session"));
  }

  private static JobCall job(RoutingContext context) {
    return new JobCall(session(context), VaaiJson.jobId(context.pathParam("job")));
  }

  private static long requestId(Long value) {
    return notNegative("requestId", VaaiJson.required("requestId", value));
  }

  private static long notNegative(String field, long value) {
    if (value < 0) {
      throw Problem.badRequest("field '" + field + "': " + value + "; allowed: 0 to 2^63-1");
    }
    return value;
  }

  private static long orElse(Long value, long otherwise) {
    return value == null ? otherwise : value;
  }

  private static Requester requester(RoutingContext context) {
    HttpServerRequest request = context.request();
    List<Long> groups = new ArrayList<>();
    String listed = request.getHeader(GROUPS);
    if (listed != null && !listed.isBlank()) {
      for (String group : listed.split(",", MAX_GROUPS + 1)) {
        groups.add(id(GROUPS, group.strip()));
      }
    }
    if (groups.size() > MAX_GROUPS) {
      throw Problem.badRequest("header " + GROUPS + "; allowed: at most " + MAX_GROUPS);
    }
    return new Requester(
        address(request.remoteAddress()),
        new Credential.Sys(
            0, "http", id(UID, request.getHeader(UID)), id(GID, request.getHeader(GID)), groups));
  }

  private static long id(String header, String text) {
    if (text == null) {
      return 0;
    }
    try {
      long id = Long.parseLong(text);
      if (id >= 0 && id <= MAX_ID) {
        return id;
      }
    } catch (NumberFormatException e) {
      // answered like a number out of range
    }
    throw Problem.badRequest("header " + header + ": '" + text + "'; allowed: 0 to " + MAX_ID);
  }

  private static InetSocketAddress address(SocketAddress remote) {
    return IpAddresses.parseWithZone(remote.hostAddress())
        .map(address -> new InetSocketAddress(address, remote.port()))
        .orElseThrow(() -> new IllegalStateException("a connection from " + remote));
  }
}
