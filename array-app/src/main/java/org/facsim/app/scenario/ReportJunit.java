/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.facsim.app.scenario.RunResult.Finding;

/** Results in the XML that CI servers read: a test case for each scenario. */
public final class ReportJunit {
  private ReportJunit() {}

  /**
   * Writes a file.
   *
   * @throws IOException if that fails
   */
  public static void write(List<RunResult> results, Path file) throws IOException {
    try (Writer out = Files.newBufferedWriter(file)) {
      XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out);
      xml.writeStartDocument();
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "facsim scenario");
      xml.writeAttribute("tests", Integer.toString(results.size()));
      long failed = results.stream().filter(result -> !result.isPassed()).count();
      xml.writeAttribute("failures", Long.toString(failed));
      for (RunResult result : results) {
        write(result, xml);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static void write(RunResult result, XMLStreamWriter xml) throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", "scenario");
    xml.writeAttribute("name", result.scenario().name());
    List<Finding> unmet = result.findings().stream().filter(finding -> !finding.holds()).toList();
    if (!unmet.isEmpty()) {
      xml.writeStartElement("failure");
      xml.writeAttribute("message", clean(line(result, unmet.get(0))));
      xml.writeCharacters(
          clean(String.join("\n", unmet.stream().map(each -> line(result, each)).toList())));
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private static String line(RunResult result, Finding finding) {
    return "%s:%d: %s: wanted %s, found %s"
        .formatted(
            result.scenario().file(),
            finding.check().line(),
            finding.check().subject(),
            finding.check().condition(),
            finding.fact().value());
  }

  /** XML has no control characters. */
  private static String clean(String text) {
    return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "?");
  }
}
