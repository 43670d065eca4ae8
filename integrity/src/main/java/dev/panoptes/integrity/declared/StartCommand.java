package dev.panoptes.integrity.declared;

import org.jspecify.annotations.Nullable;

/**
 * A command line that starts a program: of a Dockerfile, a compose service or a unit.
 *
 * @param text the command on one line, masked
 * @param runner what interprets the module, lower case: {@code python}, {@code uvicorn}, {@code gunicorn}, {@code hypercorn},
 *     {@code node}, {@code java}, {@code sh} ...; null where unknown
 * @param module a script or module as named on the command line ({@code hermes:app}, {@code server.py}, {@code pkg.main});
 *     null where there is none or it cannot be told
 * @param port the port passed on the command line ({@code --port 8014}, {@code -b 0.0.0.0:8014}); null where it passes none
 */
public record StartCommand(
        String text,
        @Nullable String runner,
        @Nullable String module,
        @Nullable PortValue port,
        int line) {}
