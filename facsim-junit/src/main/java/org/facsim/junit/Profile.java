/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How a volume behaves toward hosts that offload clones; by default, clones share blocks. */
@Documented
@Inherited
@Repeatable(Profile.Profiles.class)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Profile {
  /** The volume. */
  String volume();

  /**
   * One of the named profiles, for example {@code sharing}, {@code copying} or {@code depth-1}; see
   * {@link org.facsim.services.offload.NamedProfiles}.
   */
  String value();

  /** Several of them. */
  @Documented
  @Inherited
  @Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
  @Retention(RetentionPolicy.RUNTIME)
  @interface Profiles {
    Profile[] value();
  }
}
