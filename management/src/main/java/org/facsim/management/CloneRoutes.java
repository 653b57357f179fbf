/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.facsim.array.Volume;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.CloneRequest;
import org.facsim.services.control.ConsoleClone;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.NamedProfiles;

/** Clones that an administrator has the array make. */
final class CloneRoutes {
  private static final String CLONES = "/api/v1/clones";
  private static final String CLONE = CLONES + "/:clone";
  private static final int OK = 200;
  private static final int ACCEPTED = 202;

  private final ArrayControl array;

  CloneRoutes(ArrayControl array) {
    this.array = array;
  }

  void addTo(Routes routes) {
    routes.get(CLONES, this::clones);
    routes.post(CLONES, this::start);
    routes.get(CLONE, this::one);
    routes.delete(CLONE, this::cancel);
  }

  /** A place in a volume. */
  record PlaceJson(String volume, String path) {}

  /**
   * A clone that is to be made.
   *
   * @param source a file, or a directory with everything below it
   * @param destination what it is to become; its volume may be left out
   * @param profile the name of the profile by which it is made; that of the destination's volume if
   *     left out
   */
  record CloneRequestJson(PlaceJson source, PlaceJson destination, String profile) {}

  /** {@link ConsoleClone}, its times as texts. */
  record CloneJson(
      String id,
      PlaceJson source,
      PlaceJson destination,
      String profile,
      boolean copied,
      String state,
      boolean done,
      String reason,
      int files,
      long totalBytes,
      long doneBytes,
      String started,
      String ended) {
    static CloneJson of(ConsoleClone clone) {
      return new CloneJson(
          Long.toString(clone.id()),
          new PlaceJson(clone.sourceVolume(), clone.sourcePath()),
          new PlaceJson(clone.volume(), clone.path()),
          clone.profile(),
          clone.isCopied(),
          clone.state().name(),
          clone.hasEnded(),
          clone.reason(),
          clone.files(),
          clone.totalBytes(),
          clone.doneBytes(),
          clone.startedAt().toString(),
          clone.endedAt() == null ? null : clone.endedAt().toString());
    }
  }

  private void clones(RoutingContext context) {
    ListPart.answer(
        context, CloneJson.class, array.clones().all().stream().map(CloneJson::of).toList());
  }

  private void start(RoutingContext context) {
    CloneRequestJson wanted = JsonBodies.read(context, CloneRequestJson.class);
    PlaceJson source = VaaiJson.required("source", wanted.source());
    PlaceJson destination = VaaiJson.required("destination", wanted.destination());
    String sourceVolume = VaaiJson.required("source.volume", source.volume());
    Volume from = RequestedVolume.named(sourceVolume, array);
    Volume to =
        RequestedVolume.named(
            Optional.ofNullable(destination.volume()).orElse(sourceVolume), array);
    ConsoleClone started =
        array
            .clones()
            .start(
                new CloneRequest(
                    from,
                    Asked.trimmed(VaaiJson.required("source.path", source.path())),
                    to,
                    Asked.trimmed(VaaiJson.required("destination.path", destination.path())),
                    profile(wanted.profile(), to)));
    context.response().putHeader("Location", CLONES + "/" + started.id());
    Answers.json(context, ACCEPTED, CloneJson.of(started));
  }

  private ArrayProfile profile(String nameOrNull, Volume to) {
    if (nameOrNull == null) {
      return array.profiles().of(to);
    }
    return NamedProfiles.find(nameOrNull)
        .orElseThrow(
            () ->
                Problem.badRequest(
                    "field 'profile': '"
                        + nameOrNull
                        + "'; allowed: "
                        + String.join(
                            ", ", NamedProfiles.all().stream().map(ArrayProfile::name).toList())));
  }

  private static long id(RoutingContext context) {
    String text = context.pathParam("clone");
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw none(text);
    }
  }

  private static Problem none(String id) {
    return Problem.notFound("no clone '" + id + "' was asked for here");
  }

  private void one(RoutingContext context) {
    var unused = Asked.of(context);
    long id = id(context);
    Answers.json(
        context,
        OK,
        array.clones().find(id).map(CloneJson::of).orElseThrow(() -> none(Long.toString(id))));
  }

  private void cancel(RoutingContext context) {
    JsonBodies.readNothing(context);
    long id = id(context);
    Answers.json(
        context,
        OK,
        array.clones().cancel(id).map(CloneJson::of).orElseThrow(() -> none(Long.toString(id))));
  }
}
