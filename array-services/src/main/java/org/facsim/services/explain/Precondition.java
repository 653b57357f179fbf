/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.util.Locale;

/**
 * What must hold for a clone to be offloaded, in the order in which the array judges it. A full
 * list, so that metrics have a bounded set of labels.
 */
public enum Precondition {
  SESSION(
      "the host has a session with the array",
      "Start a new session on the export, and ask again in it."),
  EXPORT(
      "the export is there and admits the host",
      "Export the volume to this host: 'facsim exports set VOLUME RULE'."),
  FAULT(
      "no fault is injected",
      "Remove the fault: 'facsim fault list' shows the rules, 'facsim fault remove ID' ends one. A"
          + " program that embeds the array may inject others."),
  VAAI_ALLOWED(
      "the export's rules allow VAAI to the host",
      "Let the export's rule for this host allow VAAI: 'facsim exports set VOLUME RULE'."),
  DIALECT(
      "the volume is offloaded in the protocol that the host speaks",
      "Add the protocol to the field 'dialects' of the volume's profile, or let the host use a"
          + " plugin that speaks one of those listed."),
  VERSIONS(
      "host and array speak the same versions",
      "Use versions that the array serves, for the plugin's protocol and for the mounted NFS."),
  REQUEST(
      "the request is well formed", "Correct the plugin: the reason says which argument is wrong."),
  AVAILABLE(
      "the array offloads at present",
      "Wait until the takeover is over, or give the volume a profile that offloads."),
  WRITABLE(
      "the export is writable for the host",
      "Export the volume read-write to this host: 'facsim exports set VOLUME RULE'."),
  OFFERED(
      "the volume's profile offers this kind of clone",
      "Give the volume a profile that offers it; 'facsim profiles' lists those that ship."),
  SOURCE(
      "the source is one whole file that may be read",
      "Name a regular file of the session's volume that the caller may read. A disk that is a chain"
          + " of redo logs must be consolidated first, because the array clones whole files."),
  DESTINATION(
      "the destination is a file that may be replaced, or can be made",
      "Make the destination as a regular file before a full clone, let the caller write it, and do"
          + " not ask for a guarded clone if it may exist."),
  DEPTH(
      "the chain of fast clones is not too deep",
      "Clone from a file nearer to the original, make a full clone, or raise 'max-clone-depth' of"
          + " the volume's profile."),
  SPACE(
      "the volume has the space that the clone takes",
      "Free space, enlarge the volume with 'facsim volumes resize', or use a profile whose clones"
          + " share blocks."),
  DESTINATION_FREE(
      "no other clone is under way into the destination",
      "Wait until the other clone has ended, or abort it."),
  JOB_SHARE(
      "the host and the array have room for one more clone job",
      "Wait until clones of this host have ended."),
  CONCURRENCY(
      "the volume may run one more clone",
      "Ask again later, or raise 'max-concurrent-clones' or 'max-queued-clones' of the volume's"
          + " profile."),
  COMPLETION(
      "the job came to its end",
      "Ask again: nothing of the failed attempt is left. The reason says what ended the job.");

  private final String words;
  private final String advice;

  Precondition(String words, String advice) {
    this.words = words;
    this.advice = advice;
  }

  /** The name for JSON, metrics and people: {@code vaai-allowed}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What must hold, as a sentence without its full stop. */
  public String words() {
    return words;
  }

  /** What to change if it does not hold. */
  public String advice() {
    return advice;
  }
}
