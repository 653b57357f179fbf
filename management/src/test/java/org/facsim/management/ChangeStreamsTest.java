/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.EventStream.Heard;
import org.facsim.services.control.ArrayEvents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes, as clients hear of it that lose their connection and come back. */
class ChangeStreamsTest {
  private static final String EVENTS = "/api/v1/changes?topics=events";
  private static final int MIB = 1 << 20;

  @TempDir private Path data;
  private FacsimArray array;

  private void start(Path directoryOrNull) throws IOException {
    start(directoryOrNull, 64);
  }

  private void start(Path directoryOrNull, int connectionsPerAddress) throws IOException {
    var builder =
        FacsimArray.builder()
            .nfsPort(0)
            .volume("ds", 1L << 30)
            .management(
                new HttpManagement(
                    HttpDoorOptions.listeningOn(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .withConnections(256, connectionsPerAddress)));
    if (directoryOrNull != null) {
      builder.dataDirectory(directoryOrNull);
    }
    array = builder.start();
  }

  @AfterEach
  void stop() {
    if (array != null) {
      array.close();
    }
  }

  private void makeVolume(String name) throws Exception {
    String body = "{\"name\": \"%s\", \"sizeBytes\": %d}".formatted(name, MIB);
    var unused = new ApiClient(array).send("POST", "/api/v1/volumes", body, 201);
  }

  /** The volumes of which the next events tell that they were made. */
  private static List<String> made(EventStream stream, int count) throws IOException {
    List<String> volumes = new ArrayList<>();
    while (volumes.size() < count) {
      Heard heard = stream.next();
      assertThat(heard.name()).isEqualTo("change");
      if (heard.data().path("type").asText().equals("VolumeCreated")) {
        volumes.add(heard.data().path("change").path("volume").asText());
      }
    }
    return volumes;
  }

  @Test
  void aClientThatLostItsConnectionHearsWhatItMissedAndNothingTwice() throws Exception {
    start(null);
    String last = null;
    try (EventStream stream = EventStream.open(array, EVENTS, null)) {
      assertThat(stream.next().name()).isEqualTo("hello");
      makeVolume("one");
      Heard heard = stream.next();
      while (!heard.data().path("type").asText().equals("VolumeCreated")) {
        heard = stream.next();
      }
      last = heard.id();
    }
    makeVolume("two");
    makeVolume("three");
    try (EventStream again = EventStream.open(array, EVENTS, last)) {
      assertThat(again.next().name()).isEqualTo("hello");
      assertThat(made(again, 2)).containsExactly("two", "three");
      makeVolume("four");
      assertThat(made(again, 1)).containsExactly("four");
    }
  }

  @Test
  void aClientIsToldToLoadAgainIfEventsWereForgottenMeanwhile() throws Exception {
    start(null);
    makeVolume("one");
    String last;
    try (EventStream stream = EventStream.open(array, EVENTS, null)) {
      last = stream.next().id();
    }
    for (int i = 0; i <= ArrayEvents.MAX_EVENTS; i++) {
      array.control().faultsChanged();
    }
    try (EventStream again = EventStream.open(array, EVENTS, last)) {
      assertThat(again.next().name()).isEqualTo("hello");
      Heard reload = again.next();
      assertThat(reload.name()).isEqualTo("reload");
      Heard oldest = again.next();
      assertThat(oldest.data().path("type").asText()).isEqualTo("FaultsChanged");
      assertThat(oldest.data().path("sequence").asLong())
          .isEqualTo(reload.data().path("lastSequence").asLong() + 1);
    }
  }

  @Test
  void aClientIsToldToLoadAgainAfterADurableArrayWasStartedAnew() throws Exception {
    start(data);
    makeVolume("one");
    restartedArrayTellsToLoadAgain(data);
  }

  /** It counts from 1 again, so the number alone does not tell. */
  @Test
  void aClientIsToldToLoadAgainAfterAnArrayInMemoryWasStartedAnew() throws Exception {
    start(null);
    makeVolume("one");
    restartedArrayTellsToLoadAgain(null);
  }

  private void restartedArrayTellsToLoadAgain(Path directoryOrNull) throws Exception {
    String last;
    try (EventStream stream = EventStream.open(array, EVENTS, null)) {
      last = stream.next().id();
    }
    array.close();
    start(directoryOrNull);
    makeVolume("two");
    makeVolume("three");
    try (EventStream again = EventStream.open(array, EVENTS, last)) {
      assertThat(again.next().name()).isEqualTo("hello");
      assertThat(again.next().name()).isEqualTo("reload");
    }
  }

  @Test
  void aTakeoverInPlaceLosesNoEvent() throws Exception {
    start(data);
    String last;
    try (EventStream stream = EventStream.open(array, EVENTS, null)) {
      last = stream.next().id();
    }
    makeVolume("before");
    array.restart();
    makeVolume("after");
    try (EventStream again = EventStream.open(array, EVENTS, last)) {
      assertThat(again.next().name()).isEqualTo("hello");
      assertThat(made(again, 2)).containsExactly("before", "after");
    }
  }

  @Test
  void anIdThatIsNoneIsRefused() throws Exception {
    start(null);
    String door = FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
    try (RawHttp client = new RawHttp(array.managementAddress().orElseThrow())) {
      RawHttp.Reply reply =
          client
              .send("GET " + EVENTS + " HTTP/1.1", "Host: " + door, "Last-Event-ID: 5.x")
              .receive();
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body()).contains("5.x", "allowed: the id of an event");
    }
  }

  /** Followers are never idle, so nobody takes the place of their connections. */
  @Test
  void followersOfOneAddressLeaveRoomForItsHealthProbe() throws Exception {
    start(null, 8);
    List<EventStream> followers = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        EventStream follower = EventStream.open(array, EVENTS, null);
        followers.add(follower);
        assertThat(follower.next().name()).isEqualTo("hello");
      }
      String door = FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
      for (int i = 0; i < 10; i++) {
        try (RawHttp client = new RawHttp(array.managementAddress().orElseThrow())) {
          RawHttp.Reply refused =
              client.send("GET " + EVENTS + " HTTP/1.1", "Host: " + door).receive();
          assertThat(refused.status()).isEqualTo(503);
          assertThat(refused.body()).contains("allowed: 4 of one address");
        }
        assertThat(new ApiClient(array).ask("GET", "/healthz", null).statusCode()).isEqualTo(200);
      }
    } finally {
      for (EventStream each : followers) {
        each.close();
      }
    }
  }
}
