/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.facsim.array.Caller;
import org.facsim.management.VaaiJson.CloneBody;
import org.facsim.management.VaaiJson.FileJson;
import org.facsim.management.VaaiJson.JobJson;
import org.facsim.management.VaaiJson.ReserveBody;
import org.facsim.management.VaaiJson.SessionBody;
import org.facsim.management.VaaiJson.SessionJson;
import org.facsim.management.VaaiJson.StatisticsBody;
import org.facsim.management.VaaiJson.SupportJson;
import org.facsim.management.VaaiJson.UnmapBody;
import org.facsim.management.VaaiJson.UnmapGranularityBody;
import org.facsim.services.explain.CallSize;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.offload.Primitive;
import org.facsim.services.offload.Requester;
import org.facsim.services.offload.ReserveMode;
import org.facsim.services.offload.session.CloneRequest;
import org.facsim.services.offload.session.ReserveRequest;
import org.facsim.services.offload.session.SessionCalls;
import org.facsim.services.offload.session.SessionId;
import org.facsim.services.offload.session.SessionStart;
import org.facsim.services.offload.session.UnmapRequest;

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

  /** Of these calls; others are refused. */
  private static final int VERSION = 1;

  private static final int OK = 200;
  private static final int CREATED = 201;

  private final SessionCalls sessions;

  VaaiRoutes(SessionCalls sessions) {
    this.sessions = sessions;
  }

  void addTo(Routes routes) {
    routes.post(SESSIONS, this::startSession);
    routes.delete(SESSION, this::endSession);
    routes.get(SESSION + "/support/:primitive", this::support);
    routes.post(SESSION + "/clones", this::cloneFile);
    routes.get(SESSION + "/clones/:job", this::cloneStatus);
    routes.delete(SESSION + "/clones/:job", this::abortClone);
    routes.post(SESSION + "/reservations", this::reserve);
    routes.post(SESSION + "/unmap-granularity", this::unmapGranularity);
    routes.post(SESSION + "/unmaps", this::unmap);
    routes.post(SESSION + "/statistics", this::statistics);
  }

  private void startSession(RoutingContext context) {
    SessionBody body = JsonBodies.read(context, SessionBody.class);
    SessionStart start =
        checked(
            () ->
                new SessionStart(
                    VaaiJson.required("exportPath", body.exportPath()),
                    body.clientName() == null ? "http" : body.clientName(),
                    orElse(body.fileSystemVersion(), 3),
                    orElse(body.timeoutSeconds(), 0)));
    Requester requester = requester(context);
    requireVersion(orElse(body.protocolVersion(), VERSION));
    answer(
        context,
        sessions.startSession(requester, start),
        (to, session) -> Answers.json(to, CREATED, SessionJson.of(session)));
  }

  private static void requireVersion(long version) {
    if (version != VERSION) {
      throw VaaiProblems.of(
          new OffloadFailure(
              OffloadError.VERSION_NOT_SERVED,
              "protocol version " + version + ", served: " + VERSION));
    }
  }

  private void endSession(RoutingContext context) {
    JsonBodies.readNothing(context);
    answer(
        context,
        sessions.endSession(requester(context), session(context)),
        (to, ended) -> Answers.noContent(to));
  }

  private void support(RoutingContext context) {
    Primitive primitive =
        VaaiJson.oneOf(Primitive.class, "primitive", context.pathParam("primitive"));
    answer(
        context,
        sessions.support(requester(context), session(context), primitive),
        (to, supported) -> Answers.json(to, OK, SupportJson.of(supported)));
  }

  private void cloneFile(RoutingContext context) {
    CloneBody body = JsonBodies.read(context, CloneBody.class);
    Optional<SessionId> source = Optional.ofNullable(body.sourceSession()).map(VaaiJson::session);
    CloneRequest request =
        checked(
            () ->
                new CloneRequest(
                    session(context),
                    requestId(body.requestId()),
                    VaaiJson.options(body.flags()),
                    source,
                    VaaiJson.<FileJson>required("source", body.source()).toFile("source"),
                    VaaiJson.<FileJson>required("destination", body.destination())
                        .toFile("destination")));
    Requester from = requester(context);
    CallSize size = new CallSize(JsonBodies.lengthBytes(context));
    answer(
        context,
        sessions.cloneFile(
            new Requester(from.client(), from.claimed(), from.call(), size), request),
        (to, job) -> {
          Buffer answer = JsonBodies.write(JobJson.of(job));
          size.answered(answer.length());
          Answers.json(to, OK, answer);
        });
  }

  private void cloneStatus(RoutingContext context) {
    answer(
        context,
        sessions.cloneStatus(requester(context), session(context), jobId(context)),
        (to, job) -> Answers.json(to, OK, JobJson.of(job)));
  }

  private void abortClone(RoutingContext context) {
    JsonBodies.readNothing(context);
    answer(
        context,
        sessions.abortClone(requester(context), session(context), jobId(context)),
        (to, job) -> Answers.json(to, OK, JobJson.of(job)));
  }

  private void reserve(RoutingContext context) {
    ReserveBody body = JsonBodies.read(context, ReserveBody.class);
    ReserveRequest request =
        checked(
            () ->
                new ReserveRequest(
                    session(context),
                    requestId(body.requestId()),
                    VaaiJson.<FileJson>required("file", body.file()).toFile("file"),
                    VaaiJson.oneOf(ReserveMode.class, "mode", body.mode()),
                    notNegative("sizeBytes", orElse(body.sizeBytes(), 0))));
    answer(
        context,
        sessions.reserveSpace(requester(context), request),
        (to, reserved) -> Answers.json(to, OK, reserved));
  }

  private void unmapGranularity(RoutingContext context) {
    UnmapGranularityBody body = JsonBodies.read(context, UnmapGranularityBody.class);
    SessionId session = session(context);
    FileRef file = checked(() -> VaaiJson.<FileJson>required("file", body.file()).toFile("file"));
    answer(
        context,
        sessions.unmapGranularity(requester(context), session, file),
        (to, granularity) -> Answers.json(to, OK, granularity));
  }

  private void unmap(RoutingContext context) {
    UnmapBody body = JsonBodies.read(context, UnmapBody.class);
    UnmapRequest request =
        checked(
            () ->
                new UnmapRequest(
                    session(context),
                    requestId(body.requestId()),
                    VaaiJson.<FileJson>required("file", body.file()).toFile("file"),
                    VaaiJson.ranges(body.ranges())));
    answer(
        context,
        sessions.unmap(requester(context), request),
        (to, space) -> Answers.json(to, OK, space));
  }

  private void statistics(RoutingContext context) {
    StatisticsBody body = JsonBodies.read(context, StatisticsBody.class);
    SessionId session = session(context);
    FileRef file = checked(() -> VaaiJson.<FileJson>required("file", body.file()).toFile("file"));
    answer(
        context,
        sessions.extendedStatistics(requester(context), session, file),
        (to, space) -> Answers.json(to, OK, space));
  }

  // ---------------------------------------------------------------- both directions

  /** Sends an answer once it is there, whichever thread has it. */
  private static <T> void answer(
      RoutingContext context, CompletableFuture<T> future, BiConsumer<RoutingContext, T> sender) {
    var unused = future.whenComplete((value, failure) -> send(context, value, failure, sender));
  }

  private static <T> void send(
      RoutingContext context, T value, Throwable failure, BiConsumer<RoutingContext, T> sender) {
    try {
      if (failure == null) {
        sender.accept(context, value);
        return;
      }
      OffloadFailure.expected(failure)
          .ifPresentOrElse(
              refused -> Answers.problem(context.request(), VaaiProblems.of(refused)),
              () -> Answers.failure(context, failure));
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

  private static long jobId(RoutingContext context) {
    return VaaiJson.jobId(context.pathParam("job"));
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
        HttpCalls.address(request.remoteAddress()),
        Optional.of(
            new Caller(id(UID, request.getHeader(UID)), id(GID, request.getHeader(GID)), groups)),
        HttpCalls.of(request));
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
}
