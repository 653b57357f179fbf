/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.facsim.hypervisor.console.CommandLine.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options, operands and tables of the shell. */
final class ShellWordsTest {
  private static final Option VOLUME = Option.value("v", "volume-name");
  private static final Option FORCE = Option.flag("f", "");

  private static CommandLine read(String line) {
    return CommandLine.read(
        line.isEmpty() ? List.of() : List.of(line.split(" ")), 3, VOLUME, FORCE);
  }

  @Test
  void optionsMayBeShortOrLongAndTheValueBehindAnEqualsSign() {
    assertThat(read("-v a").required(VOLUME)).isEqualTo("a");
    assertThat(read("--volume-name a").required(VOLUME)).isEqualTo("a");
    assertThat(read("--volume-name=a=b").required(VOLUME)).isEqualTo("a=b");
    CommandLine line = read("one -f two -");
    assertThat(line.has(FORCE)).isTrue();
    assertThat(line.operands()).containsExactly("one", "two", "-");
  }

  @ParameterizedTest
  @CsvSource({
    "-x, 'Error: Invalid option -x; allowed: -v|--volume-name, -f'",
    "--vol=1, 'Error: Invalid option --vol; allowed: -v|--volume-name, -f'",
    "-v, Error: Option -v needs a value",
    "-f=1, Error: Option -f takes no value",
    "-f -f, Error: Option -f is given twice",
    "-v a --volume-name b, Error: Option --volume-name is given twice",
  })
  void whatIsWrongIsNamedWithWhatIsAllowed(String line, String message) {
    CommandFailure failure = assertThrows(CommandFailure.class, () -> read(line));
    assertThat(failure).hasMessage(message);
    assertThat(failure.outcome().exitCode()).isEqualTo(3);
    assertThat(failure.outcome().err()).isEqualTo(message + "\n");
  }

  @Test
  void aMissingParameterIsNamedAsEsxcliDoes() {
    assertThat(assertThrows(CommandFailure.class, () -> read("").required(VOLUME)))
        .hasMessage("Error: Missing required parameter -v|--volume-name");
    assertThat(assertThrows(CommandFailure.class, () -> read("-v x").number(VOLUME, 1)))
        .hasMessage("Error: Value of -v|--volume-name is 'x'; allowed: a whole number");
    assertThat(read("-v 12").number(VOLUME, 1)).contains(12L);
  }

  @Test
  void aTableIsAsWideAsItsCellsAndNumbersStandAtTheRight() {
    assertThat(new TextTable("Name", "N").row("a", 5).row("longer", 123).toString())
        .isEqualTo("Name      N\n------  ---\na         5\nlonger  123\n");
    assertThat(new TextTable("Name", "N").toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1, 2049",
    "192.0.2.1:99, 192.0.2.1, 99",
    "'[2001:db8::1]:99', '2001:db8:0:0:0:0:0:1', 99",
    "'2001:db8::1', '2001:db8:0:0:0:0:0:1', 2049",
  })
  void aServerMayHaveAPort(String text, String address, int port) {
    var server = ServerNames.ADDRESSES.resolve(text);
    assertThat(server.getAddress().getHostAddress()).isEqualTo(address);
    assertThat(server.getPort()).isEqualTo(port);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1:x, 'port ''x''; allowed: 0 to 65535'",
    "192.0.2.1:65536, 'port ''65536''; allowed: 0 to 65535'",
    "999.1.1.1, 'no address of ''999.1.1.1''; allowed: an address or a name that is known'",
  })
  void anAddressThatIsNoneIsNamed(String text, String message) {
    assertThat(
            assertThrows(IllegalArgumentException.class, () -> ServerNames.ADDRESSES.resolve(text)))
        .hasMessage(message);
  }
}
