package dev.panoptes.integrity;

import java.util.Locale;

/** Which group of checks a declaration file belongs to, by its name. */
final class DeclarationGroups {
    private DeclarationGroups() {}

    static CheckGroup of(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        String lower = name.toLowerCase(Locale.ROOT);
        boolean yaml = lower.endsWith(".yml") || lower.endsWith(".yaml");
        if (yaml && lower.contains("compose")) {
            return CheckGroup.COMPOSE;
        }
        if (name.startsWith("Dockerfile")) {
            return CheckGroup.DOCKERFILE;
        }
        return lower.endsWith(".service") ? CheckGroup.SYSTEMD : CheckGroup.CODE;
    }
}
