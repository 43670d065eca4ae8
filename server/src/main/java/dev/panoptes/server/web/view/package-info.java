/** What the templates show: plain records, and the words and shapes that they are shown with. */
@NullMarked
package dev.panoptes.server.web.view;

import org.jspecify.annotations.NullMarked;
