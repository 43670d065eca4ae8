/** HTTP behind our own few types: routes that say who may call, requests, responses, problems. */
@NullMarked
package dev.panoptes.server.http;

import org.jspecify.annotations.NullMarked;
