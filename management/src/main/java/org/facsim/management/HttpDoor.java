/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import com.google.common.net.InetAddresses;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.facsim.services.calls.Calls;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.ManagementDoor;
import org.facsim.services.control.SidebandException;
import org.facsim.services.control.Visits;
import org.facsim.services.offload.session.SessionCalls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for HTTP. It has one event loop and a few threads for work that may wait, because this
 * door is for administrators and tests; the data goes over NFS.
 *
 * <p>A request passes {@link RequestGate}, then a route of {@link Routes}. Bounds: {@link
 * Connections} bounds connections; each has one request at a time, and the next one starts only
 * when the client has read most of the earlier answers; bodies have at most 64 KiB, headers at most
 * 16 KiB; {@link Workers} bounds waiting requests.
 *
 * <p>The door closes in an order that interrupts nothing: first it accepts no more connections,
 * then it answers the requests under way, within a bound, then it stops the threads, which are
 * never interrupted.
 */
public final class HttpDoor implements ManagementDoor.Opened {
  private static final Logger LOG = LoggerFactory.getLogger(HttpDoor.class);

  static {
    // Vert.x would set up a resolver of its own for names, and a server asks for none.
    if (System.getProperty("vertx.disableDnsResolver") == null) {
      System.setProperty("vertx.disableDnsResolver", "true");
    }
  }

  private static final int MAX_HEADER_BYTES = 16 << 10;
  private static final int MAX_LOOP_SECONDS = 30;

  /** How many connections may be accepted before it is decided which ones they replace. */
  private static final int MAX_UNDECIDED = 16;

  private static final Duration END_TIMEOUT = Duration.ofSeconds(5);

  private final AcceptLimit acceptLimit;
  private final Vertx vertx;
  private static final Pattern PARAMETER = Pattern.compile(":\\w+");

  private final HttpDoorOptions options;
  private final Workers workers = new Workers();
  private final OpenedSecurity security;
  private final OpenAnswers open;
  private final Beside beside;
  private final HostCommands commands;
  private final Connections connections;
  private final RequestGate gate;
  private final AtomicBoolean isClosed = new AtomicBoolean();
  private final WatchedRequest.Line line;
  private HttpServer server;
  private Ticker ticker;
  private List<String> requests;

  private HttpDoor(HttpDoorOptions options, Beside beside, OpenedSecurity security) {
    this.options = options;
    this.security = security;
    this.beside = beside;
    this.commands = new HostCommands(beside.lab(), options.commandPatience());
    this.acceptLimit = new AcceptLimit(options.maxConnections() + MAX_UNDECIDED);
    this.line = new WatchedRequest.Line(acceptLimit, options.idleTimeout());
    this.vertx = vertx(acceptLimit);
    this.open = new OpenAnswers(vertx, acceptLimit);
    this.connections =
        new Connections(options.maxConnections(), options.maxConnectionsPerAddress());
    this.gate = new RequestGate(new AllowedHosts(options.listen(), options.hostNames()));
  }

  /** Makes what runs the door: one event loop. */
  static Vertx vertx(AcceptLimit acceptLimit) {
    return Vertx.builder()
        .with(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                // nothing blocks the event loop; it waits only if the machine has no processor free
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS)
                .setMaxEventLoopExecuteTime(MAX_LOOP_SECONDS)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1))
        .withTransport(acceptLimit.asTransport())
        .build();
  }

  /**
   * Opens the door.
   *
   * @param calls the chain that every request passes
   * @param beside what runs beside the array
   * @throws IOException if the address cannot be listened on
   */
  static HttpDoor open(
      HttpDoorOptions options, ArrayControl array, SessionCalls vaai, Calls calls, Beside beside)
      throws IOException {
    return open(options, array, array.visits(), vaai, calls, beside);
  }

  static HttpDoor open(
      HttpDoorOptions options, ArrayControl array, Visits visits, SessionCalls vaai, Calls calls)
      throws IOException {
    return open(options, array, visits, vaai, calls, Beside.NOTHING);
  }

  private static HttpDoor open(
      HttpDoorOptions options,
      ArrayControl array,
      Visits visits,
      SessionCalls vaai,
      Calls calls,
      Beside beside)
      throws IOException {
    OpenedSecurity security = security(options);
    HttpDoor door = new HttpDoor(options, beside, security);
    try {
      door.listen(array, visits, vaai, calls);
    } catch (CompletionException e) {
      door.close();
      if (e.getCause() instanceof IOException cannotListen) {
        throw cannotListen;
      }
      throw e;
    }
    security.notices().forEach(options.security().notice());
    door.warnIfReadByOthers();
    return door;
  }

  private static OpenedSecurity security(HttpDoorOptions options) throws SidebandException {
    try {
      return OpenedSecurity.of(options.security(), options.listen().getAddress(), names(options));
    } catch (IOException e) {
      throw new SidebandException(e.getMessage(), e);
    }
  }

  /** By which clients may reach the door, for its certificate. */
  private static List<String> names(HttpDoorOptions options) {
    Set<String> names = new LinkedHashSet<>(List.of("localhost", "127.0.0.1", "::1"));
    InetAddress listen = options.listen().getAddress();
    if (!listen.isAnyLocalAddress()) {
      names.add(InetAddresses.toAddrString(listen));
    }
    names.addAll(options.hostNames());
    return List.copyOf(names);
  }

  private void warnIfReadByOthers() {
    InetAddress host = address().getAddress();
    if (!host.isLoopbackAddress() && security.key().isEmpty()) {
      LOG.warn(
          "HTTP listens on {} port {} without encryption: whoever is on the way can read the token"
              + " and everything else; --http-tls encrypts it",
          host.getHostAddress(),
          address().getPort());
    }
  }

  private void listen(ArrayControl array, Visits visits, SessionCalls vaai, Calls calls) {
    ticker = new Ticker(vertx, workers, array, visits);
    Router router =
        new DoorRoutes(
                vertx,
                workers,
                connections,
                array,
                visits,
                vaai,
                open,
                ticker,
                beside,
                commands,
                options.shown(),
                new DoorAccess(
                    security.token(), security.key().isPresent(), InstantSource.system()))
            .router();
    requests = requests(router);
    server =
        vertx
            .createHttpServer(serverOptions())
            .connectionHandler(
                connection -> {
                  connection.exceptionHandler(e -> LOG.debug("a connection failed", e));
                  connections.accept(connection);
                })
            .exceptionHandler(e -> LOG.debug("a connection failed before it had a request", e))
            .invalidRequestHandler(HttpDoor::refuseInvalid)
            .requestHandler(request -> handle(request, router, calls));
    server.listen().toCompletionStage().toCompletableFuture().join();
    if (array != null) { // tests of the door alone have none
      ticker.start();
    }
  }

  private HttpServerOptions serverOptions() {
    HttpServerOptions server = new HttpServerOptions();
    security.key().ifPresent(key -> server.setSsl(true).setUseAlpn(false).setKeyCertOptions(key));
    return server
        .setHost(options.listen().getAddress().getHostAddress())
        .setPort(options.listen().getPort())
        .setIdleTimeout((int) options.idleTimeout().toMillis())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setHandle100ContinueAutomatically(true)
        // one request at a time on a connection: nothing here bounds what HTTP/2 and WebSockets add
        .setHttp2ClearTextEnabled(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false);
  }

  private void handle(HttpServerRequest request, Router router, Calls calls) {
    HttpCalls.received(calls, request, line, () -> serve(request, router));
  }

  private void serve(HttpServerRequest request, Router router) {
    try {
      gate.check(request);
    } catch (Problem refused) {
      Answers.problem(request, refused);
      return;
    }
    router.handle(request);
  }

  /**
   * Refuses what is not an HTTP request at all. The rest of the connection cannot be understood.
   */
  private static void refuseInvalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    Problem problem;
    if (cause instanceof TooLongHttpLineException) {
      problem = new Problem(414, "URI too long", "allowed: a request line of at most 4096 bytes");
    } else if (cause instanceof TooLongHttpHeaderException) {
      problem =
          new Problem(
              431, "Headers too large", "allowed: at most " + MAX_HEADER_BYTES + " bytes in all");
    } else {
      problem = Problem.badRequest("this is no request of HTTP/1.1");
    }
    Answers.problem(request, problem);
    var unused = request.connection().close();
  }

  /** What runs beside the array: a lab, a demo. */
  record Beside(LabDoor lab, DemoDoor demo) {
    static final Beside NOTHING = new Beside(LabDoor.NONE, DemoDoor.NONE);
  }

  /** What can be asked, as fault rules name it. */
  List<String> requests() {
    return requests;
  }

  /** The same of a router: with {@code *} for the parts that differ. */
  private static List<String> requests(Router router) {
    List<String> requests = new ArrayList<>();
    for (Route route : router.getRoutes()) {
      if (route.methods() != null) {
        String path = PARAMETER.matcher(route.getName()).replaceAll("*").replaceAll("/$", "/*");
        route.methods().forEach(method -> requests.add(method + " " + path));
      }
    }
    return requests;
  }

  /** The address on which the door listens. */
  @Override
  public InetSocketAddress address() {
    return new InetSocketAddress(options.listen().getAddress(), server.actualPort());
  }

  /** The number of connections that are open now. */
  int connectionCount() {
    return connections.count();
  }

  /** The number of requests that wait for a thread now. */
  int waitingCount() {
    return workers.waitingCount();
  }

  /** Closes the door. Closing it again does nothing. */
  @Override
  public void close() {
    if (!isClosed.compareAndSet(false, true)) {
      return;
    }
    if (!acceptLimit.stop(END_TIMEOUT)) {
      LOG.warn("HTTP does not stop listening within {}", END_TIMEOUT);
    }
    if (ticker != null) {
      ticker.close();
    }
    open.close(END_TIMEOUT);
    commands.close();
    HttpCalls.doorCloses(line);
    if (server != null) {
      await(server.shutdown(options.stopTimeout()), options.stopTimeout().plus(END_TIMEOUT));
    }
    workers.close(options.stopTimeout());
    await(vertx.close(), END_TIMEOUT);
  }

  /** Waits for one part to close. If that fails, the other parts are closed all the same. */
  private static void await(Future<Void> end, Duration timeout) {
    try {
      end.toCompletionStage()
          .toCompletableFuture()
          .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
          .join();
    } catch (CompletionException e) {
      boolean isLate = e.getCause() instanceof TimeoutException;
      LOG.warn("HTTP does not end {}", isLate ? "within " + timeout : "cleanly", e.getCause());
    }
  }
}
