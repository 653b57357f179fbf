/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.FaultJson.RuleJson;
import org.facsim.services.faults.FaultRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of rules in JSON: what is shown can be added again. */
class FaultJsonTest {
  private static final String FAULTS = "/api/v1/faults";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static RuleJson parse(String json) throws Exception {
    return MAPPER.readValue(json, RuleJson.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"act\":{\"status\":\"JUKEBOX\"}}",
        "{\"act\":{\"status\":\"IO\",\"delay\":\"20ms\",\"jitter\":\"5ms\"}}",
        "{\"act\":{\"delay\":\"1500ms\"}}",
        "{\"act\":{\"bytesPerSecond\":2048,\"eachConnection\":true}}",
        "{\"act\":{\"bytesPerSecond\":2048}}",
        "{\"act\":{\"noAnswer\":true}}",
        "{\"act\":{\"close\":true}}",
        "{\"act\":{\"close\":true,\"executed\":true}}",
        "{\"act\":{\"reset\":true}}",
        "{\"act\":{\"reset\":true,\"executed\":true}}",
        "{\"act\":{\"executedButLost\":true}}",
        "{\"act\":{\"twice\":true}}",
        "{\"act\":{\"behind\":3,\"behindLimit\":\"2s\"}}",
        "{\"act\":{\"shortBytes\":0}}",
        "{\"act\":{\"zeroWindow\":true}}",
        "{\"act\":{\"zeroWindow\":true,\"time\":\"30s\"}}",
        "{\"act\":{\"pause\":true,\"time\":\"2m\"}}",
        "{\"act\":{\"attributes\":{\"size\":\"+4096\",\"mtime\":\"-3600\",\"fileId\":\"7\","
            + "\"links\":\"0\"}}}",
        "{\"act\":{\"mistake\":{\"count\":2,\"lengthBytes\":16}}}",
        "{\"act\":{\"takeover\":\"30s\"}}",
        "{\"act\":{\"powerFailure\":{\"atGroup\":3,\"repeated\":true,\"away\":\"5s\"}}}",
        "{\"act\":{\"cloneJob\":{\"bytesPerSecond\":4096,\"slowdown\":2.5,\"stallAtPercent\":40}}}",
        "{\"act\":{\"cloneJob\":{\"failAtPercent\":60,\"error\":\"NOSPC\"}}}",
        "{\"name\":\"x\",\"match\":{\"doors\":[\"nfs\",\"vaai\"],\"procedures\":[\"WRITE\"],"
            + "\"volume\":\"ds\",\"path\":\"/ds/**\",\"handle\":\"00ff\","
            + "\"client\":\"[10.0.0.0/8]:800\",\"uid\":5,\"host\":\"esx1\","
            + "\"after\":{\"match\":{\"doors\":[\"nlm\"]},\"same\":\"file\"}},"
            + "\"act\":{\"noAnswer\":true},"
            + "\"limits\":{\"every\":2,\"probability\":0.5,\"count\":3,\"from\":\"10s\","
            + "\"lasting\":\"1h\"},\"seed\":-7}",
        "{\"act\":{\"noAnswer\":true},\"limits\":{\"nth\":3,\"from\":\"2026-11-30T12:00:00Z\"}}",
      })
  void whatIsShownOfARuleIsTheRule(String json) throws Exception {
    FaultRule rule = FaultReader.rule(parse(json));
    JsonNode shown = MAPPER.readTree(JsonBodies.write(FaultWriter.rule(rule)).toString());
    assertThat(shown).isEqualTo(MAPPER.readTree(json));
    assertThat(FaultReader.rule(parse(shown.toString()))).isEqualTo(rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | field 'act' is missing",
        "{\"act\":{}} | nothing would happen; allowed: status, delay,",
        "{\"act\":{\"noAnswer\":false}} | nothing would happen",
        "{\"act\":{\"noAnswer\":true,\"reset\":true}} | noAnswer and reset; allowed: one action",
        "{\"act\":{\"noAnswer\":true,\"executed\":true}} | 'executed'; allowed: with close, reset",
        "{\"act\":{\"delay\":\"1s\",\"time\":\"1s\"}} | 'time'; allowed: with zeroWindow, pause",
        "{\"act\":{\"twice\":true,\"behindLimit\":\"1s\"}} | allowed: with behind",
        "{\"act\":{\"twice\":true,\"jitter\":\"1s\"}} | 'jitter'; allowed: with delay",
        "{\"act\":{\"twice\":true,\"eachConnection\":true}} | allowed: with bytesPerSecond",
        "{\"act\":{\"delay\":\"soon\"}} | 'soon' is not a time; allowed: a number and ms",
        "{\"act\":{\"attributes\":{\"size\":\"big\"}}} | size 'big'; allowed: +N or -N",
        "{\"act\":{\"attributes\":{\"mtime\":\"999999999999\"}}} | mtime '999999999999'",
        "{\"act\":{\"cloneJob\":{\"failAtPercent\":1,\"error\":\"X\"}}} | error 'X'; allowed: PERM",
        "{\"act\":{\"twice\":true},\"match\":{\"doors\":[\"nsf\"]}} | door 'nsf' is not there",
        "{\"act\":{\"twice\":true},\"match\":{\"after\":{}}} | 'after.match' is missing",
        "{\"act\":{\"twice\":true},\"limits\":{\"from\":\"x\"}} | from 'x'; allowed: a number",
        "{\"act\":{\"twice\":true},\"limits\":{\"nth\":0}} | nth 0; allowed: 1 and greater",
        "{\"act\":{\"twice\":true},\"limits\":{\"count\":0}} | count 0; allowed: 1 and greater",
      })
  void whatCannotBeReadIsNamed(String json, String saying) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaultReader.rule(parse(json)))
        .withMessageContaining(saying);
  }

  @Test
  void aRuleForHttpMeetsTheRequestsThatItNames() throws Exception {
    try (FacsimArray array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .start()) {
      ApiClient client = new ApiClient(array);
      String rule =
          """
          {"rules":[{"match":{"doors":["http"],"procedures":["* /api/v1/*"]},"act":{"status":"503"}}]}\
          """;
      client.send("POST", FAULTS, rule, 201);
      client.send("GET", "/api/v1/volumes", null, 503);
      assertThat(client.send("GET", FAULTS + "/1", null, 200).path("hits").asInt()).isEqualTo(1);
      client.send("DELETE", FAULTS, "{}", 200);
      client.send("GET", "/api/v1/volumes", null, 200);
      String none = rule.replace("* /api/v1/*", "GET /api/v2/*");
      assertThat(client.send("POST", FAULTS, none, 400).path("detail").asText())
          .startsWith("procedure 'GET /api/v2/*': door http has none of that name; did you mean");
      String itself = rule.replace("* /api/v1/*", "DELETE /api/v1/faults");
      assertThat(client.send("POST", FAULTS, itself, 400).path("detail").asText())
          .as("rules never reach the requests that manage rules")
          .startsWith("procedure 'DELETE /api/v1/faults': door http has none of that name");
    }
  }

  /** With the parser of the door: a whole number for one with decimals, and the other way round. */
  @Test
  void numbersAreNumbersOverHttp() throws Exception {
    try (FacsimArray array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .start()) {
      ApiClient client = new ApiClient(array);
      String rules = "{\"rules\":[{\"act\":{\"noAnswer\":true},\"limits\":{\"probability\":%s}}]}";
      client.send("POST", FAULTS, rules.formatted("1"), 201);
      client.send("POST", FAULTS, rules.formatted("0.5"), 201);
      assertThat(client.send("POST", FAULTS, rules.formatted("2"), 400).path("detail").asText())
          .isEqualTo("probability 2.0; allowed: above 0, at most 1");
      String withNull = rules.formatted("1").replace("[", "[null,");
      assertThat(client.send("POST", FAULTS, withNull, 400).path("detail").asText())
          .isEqualTo("field 'rules[0]' is missing");
      assertThat(array.faults().list()).hasSize(2);
    }
  }
}
