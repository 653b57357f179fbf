/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import org.facsim.array.FileHandle;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.explain.Precondition;

/**
 * What the array looked at while it judged one clone. It keeps figures and makes words of them when
 * somebody asks. The thread of the call fills it, before the report is filed.
 */
final class CloneEvidence implements CloneReport.Evidence {
  private final Dialect dialect;
  private final ArrayProfile profile;
  private final ExportOptions terms;
  ClonePlanner.Way way;
  long sourceBytes;
  long mappedBytes;

  /** The file that the destination names; null if there is none, or none that the caller sees. */
  FileHandle destination;

  /** 0 if the clone's depth is not limited. */
  int depth;

  long neededBytes;
  long freeBytes;
  int jobsOfHost;
  CloneLanes.Load load;

  /**
   * @param profile of the destination's volume
   * @param terms of the destination's export for the host
   */
  CloneEvidence(Dialect dialect, ArrayProfile profile, ExportOptions terms) {
    this.dialect = dialect;
    this.profile = profile;
    this.terms = terms;
  }

  /** The profile of the destination's volume. */
  ArrayProfile profile() {
    return profile;
  }

  @Override
  public String words(Precondition of) {
    return switch (of) {
      case SESSION, COMPLETION -> "";
      case EXPORT -> "the export admits the host";
      case FAULT -> "none was injected into this call";
      case VAAI_ALLOWED -> "the export's rule for the host allows it";
      case DIALECT ->
          "asked in '" + dialect.label() + "', profile '" + profile.name() + "' serves it";
      case VERSIONS -> "the export admits NFS " + terms.versions() + "; a clone needs none";
      case REQUEST -> "all arguments are known and in range";
      case AVAILABLE -> "profile '" + profile.name() + "' offloads";
      case WRITABLE -> "the export's rule for the host says 'rw'";
      case OFFERED -> "profile '" + profile.name() + "': " + way.inWords();
      case SOURCE ->
          "a regular file of " + sourceBytes + " bytes, of which " + mappedBytes + " are mapped";
      case DESTINATION ->
          destination != null ? "a regular file that the caller may write" : "the clone makes it";
      case DEPTH -> depthInWords();
      case SPACE ->
          way.isAside()
              ? "the clone takes " + neededBytes + " bytes at most, " + freeBytes + " were free"
              : "a clone that shares blocks takes none";
      case DESTINATION_FREE ->
          destination != null ? "no other clone is copied into it" : "the clone makes it";
      case JOB_SHARE -> jobsOfHost + " clones of the host were under way";
      case CONCURRENCY -> load.inWords(profile);
    };
  }

  private String depthInWords() {
    int most = profile.maxCloneDepth();
    if (most == 0) {
      return "there is no limit";
    }
    return depth == 0
        ? "a full clone has no depth"
        : "clone number " + depth + " in a row, at most " + most;
  }
}
