package dev.panoptes.integrity.declared;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A systemd service unit file (systemd.service(5)).
 *
 * @param rootPath below the scan's root
 * @param name the file's name, for example {@code hermes.service}
 * @param workingDirectory as written, without a leading {@code -}; null where absent
 * @param start the last ExecStart; null where there is none
 * @param environment from {@code Environment=}; never printed whole
 * @param digest SHA-256 of the file
 */
public record UnitFile(
        String rootPath,
        String name,
        @Nullable String workingDirectory,
        int workingDirectoryLine,
        @Nullable StartCommand start,
        Map<String, String> environment,
        String digest) {
    public UnitFile {
        environment = Map.copyOf(environment);
    }
}
