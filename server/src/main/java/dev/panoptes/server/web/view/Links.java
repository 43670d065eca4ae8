package dev.panoptes.server.web.view;

import java.util.Map;

/** Where the static files are, by name; the address of one changes with its content. */
public record Links(Map<String, String> byName) {
    public Links {
        byName = Map.copyOf(byName);
    }

    public String of(String name) {
        String address = byName.get(name);
        if (address == null) {
            throw new IllegalArgumentException("there is no static file " + name);
        }
        return address;
    }
}
