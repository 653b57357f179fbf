/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.certify;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Results in the XML that CI servers read. */
final class JunitFile {
  private static final double MILLIS = 1000;

  private JunitFile() {}

  static void write(List<CaseResult> results, Path file) throws IOException {
    try (Writer out = Files.newBufferedWriter(file)) {
      XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out);
      xml.writeStartDocument();
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "facsim certify");
      xml.writeAttribute("tests", Integer.toString(results.size()));
      long failed = results.stream().filter(CaseResult::isFailed).count();
      xml.writeAttribute("failures", Long.toString(failed));
      long leftOut = results.stream().filter(CaseResult::isLeftOut).count();
      xml.writeAttribute("skipped", Long.toString(leftOut));
      for (CaseResult result : results) {
        write(result, xml);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static void write(CaseResult result, XMLStreamWriter xml) throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", "certify");
    xml.writeAttribute("name", result.of().name());
    xml.writeAttribute(
        "time", String.format(Locale.ROOT, "%.3f", result.facts().took().toMillis() / MILLIS));
    if (result.isLeftOut()) {
      xml.writeEmptyElement("skipped");
      xml.writeAttribute("message", clean(result.leftOut()));
    }
    if (result.isFailed()) {
      xml.writeStartElement("failure");
      xml.writeAttribute("message", clean(result.problems().get(0)));
      xml.writeCharacters(clean(String.join("\n", result.problems())));
      xml.writeCharacters("\n" + clean(String.join("\n", result.facts().output())));
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  /** XML has no control characters. */
  private static String clean(String text) {
    return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "?");
  }
}
