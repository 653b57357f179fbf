/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.facsim.app.lab.Lab;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.HttpManagement;
import org.facsim.services.control.StateControl;
import org.facsim.services.control.StateHeldException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a reset brings back, what it does not, and that nobody takes away what it needs. */
class LabResetTest {
  private Lab lab;
  private FacsimArray array;

  @BeforeEach
  void start() throws Exception {
    lab = Lab.read("blocked-clone-protocol", 7);
    ArrayBuilder builder = FacsimArray.builder().nfsPort(0).seed(7);
    lab.applyTo(builder, 0);
    array = builder.management(HttpManagement.onPort(0).withLab(lab)).start();
    lab.start(array);
  }

  @AfterEach
  void stop() {
    lab.close();
    array.close();
  }

  private record Typed(int exitCode, String text) {}

  private Typed type(String... command) {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(
        2, List.of("--http", FacsimArray.hostAndPort(array.managementAddress().orElseThrow())));
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text, true);
    int exitCode = Main.run(out, out, words.toArray(String[]::new));
    return new Typed(exitCode, text.toString());
  }

  @Test
  void theStateOfARunningLabIsNeitherDeletedNorSavedOverNorRestored() {
    assertThat(type("states", "delete", "lab-start"))
        .isEqualTo(
            new Typed(
                1,
                "facsim state delete: state 'lab-start' is in use: the lab goes back to"
                    + " 'lab-start'; allowed: facsim lab reset\n"));
    assertThat(type("states", "save", "--overwrite", "lab-start").exitCode()).isEqualTo(1);
    assertThat(type("states", "restore", "lab-start").text())
        .contains("no state can be restored now", "allowed: facsim lab reset");
    assertThat(type("states", "save", "mine").exitCode()).isZero();
    assertThat(type("states", "restore", "mine").exitCode()).isEqualTo(1);
    assertThat(type("states", "delete", "mine").exitCode()).isZero();
    lab.reset(false);

    lab.close();
    StateControl states = array.control().states();
    states.restore("lab-start");
    states.delete("lab-start");
  }

  @Test
  void whoeverHoldsAStateIsFollowedByTheNext() {
    StateControl states = array.control().states();
    states.save("mine");
    StateControl.Hold second = states.hold("mine", "words");
    assertThatThrownBy(() -> states.delete("mine")).isInstanceOf(StateHeldException.class);
    second.close();
    states.delete("mine");
  }

  @Test
  void hintsAndAnswersStayInTheScoreUnlessSomebodyElseBegins() {
    String volume = lab.causes().subjects().get(2);
    assertThat(lab.takeHint().taken()).hasSize(1);
    assertThat(lab.answer("vss-siblings", volume).isRightCause()).isFalse();
    assertThat(type("fault", "list").exitCode()).isZero();

    assertThat(type("lab", "reset").text())
        .contains("1 hint and 1 wrong answer stay in the score, and the clock runs on");
    assertThat(lab.hints().taken()).hasSize(1);
    assertThat(lab.check().text().toString())
        .contains("1 wrong answer,", "the right cause has not been stated")
        .doesNotContain("looked at 0 times");

    assertThat(type("lab", "reset", "--new-attempt").text())
        .contains("a new attempt: forgot 1 hint and 1 wrong answer");
    assertThat(lab.hints().taken()).isEmpty();
    assertThat(lab.check().text().toString())
        .doesNotContain("wrong answer")
        .contains("fault rules were looked at 0 times");
  }
}
