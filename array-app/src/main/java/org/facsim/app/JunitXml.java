/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Results in the XML that CI servers read. */
public final class JunitXml {
  private static final double MILLIS = 1000;

  private JunitXml() {}

  /**
   * A test case.
   *
   * @param took empty if that is not to be in the file
   * @param skipped why it was left out; empty if it was not
   * @param failure empty if it did not fail
   * @param output what the test case has to say besides, such as a report for people; may be empty
   */
  public record Case(
      String name,
      Optional<Duration> took,
      Optional<String> skipped,
      Optional<Failure> failure,
      String output) {}

  /** Why a test case failed: in one line, and in full. */
  public record Failure(String message, String text) {}

  /**
   * Writes a file.
   *
   * @param command whose results these are, such as {@code certify}
   * @throws IOException if that fails
   */
  public static void write(Path file, String command, List<Case> cases) throws IOException {
    try (Writer out = Files.newBufferedWriter(file)) {
      XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out);
      xml.writeStartDocument();
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "facsim " + command);
      xml.writeAttribute("tests", Integer.toString(cases.size()));
      long failed = cases.stream().filter(each -> each.failure().isPresent()).count();
      xml.writeAttribute("failures", Long.toString(failed));
      long skipped = cases.stream().filter(each -> each.skipped().isPresent()).count();
      xml.writeAttribute("skipped", Long.toString(skipped));
      for (Case each : cases) {
        write(each, command, xml);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static void write(Case of, String command, XMLStreamWriter xml)
      throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", command);
    xml.writeAttribute("name", of.name());
    if (of.took().isPresent()) {
      double seconds = of.took().get().toMillis() / MILLIS;
      xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", seconds));
    }
    if (of.skipped().isPresent()) {
      xml.writeEmptyElement("skipped");
      xml.writeAttribute("message", clean(of.skipped().get()));
    }
    if (of.failure().isPresent()) {
      xml.writeStartElement("failure");
      xml.writeAttribute("message", clean(of.failure().get().message()));
      xml.writeCharacters(clean(of.failure().get().text()));
      xml.writeEndElement();
    }
    if (!of.output().isEmpty()) {
      xml.writeStartElement("system-out");
      xml.writeCharacters(clean(of.output()));
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  /** XML has no control characters. */
  private static String clean(String text) {
    return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "?");
  }
}
