/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.facsim.services.journal.Journal;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of this class get a storage array. They take it, or a part of it, as a parameter:
 * {@link org.facsim.embedded.FacsimArray}, {@link org.facsim.embedded.ArrayFiles}, {@link Journal},
 * {@link org.facsim.services.faults.FaultRules}, {@link Observation}, or {@link
 * java.net.InetSocketAddress} for the address of NFS, MOUNT and VAAI.
 *
 * <pre>{@code
 * @FacsimTest
 * @Volume(name = "datastore1", size = "1GiB")
 * class CloneTest {
 *   @Test
 *   void aCloneTakesNoSpace(FacsimArray array, Observation since) {
 *     array.files().writeWords("/datastore1/base.vmdk", 512 << 20, 1);
 *     ...
 *   }
 * }
 * }</pre>
 */
@Documented
@Inherited
@ExtendWith(FacsimExtension.class)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface FacsimTest {
  /** How many tests share an array. */
  ArrayLifetime lifetime() default ArrayLifetime.PER_TEST;

  /**
   * How many calls the journal keeps, {@value Journal#MIN_ENTRIES} to {@value Journal#MAX_ENTRIES};
   * 0 for no journal. If a test fails, its last calls are printed.
   */
  int journal() default FacsimExtension.JOURNAL_ENTRIES;
}
