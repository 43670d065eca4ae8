/** Logging in by way of a provider of OpenID Connect: authorization code with PKCE, and nothing else. */
@NullMarked
package dev.panoptes.server.oidc;

import org.jspecify.annotations.NullMarked;
