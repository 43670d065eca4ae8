/** What runs in a Kubernetes cluster behind the Services that the registry names. Only looked at: nothing but GET is ever sent. */
@NullMarked
package dev.panoptes.integrity.kubernetes;

import org.jspecify.annotations.NullMarked;
