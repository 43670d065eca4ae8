package dev.panoptes.integrity.declared;

import java.util.List;
import java.util.Set;

/**
 * The configuration of a web server of the host, which stands in front of what runs there.
 *
 * @param file rootPath
 */
public record HostProxy(String file, List<Asked> asked, List<Listen> listens) {
    public HostProxy {
        asked = List.copyOf(asked);
        listens = List.copyOf(listens);
    }

    /**
     * A port of the host itself that it asks.
     *
     * @param names what the place is called where it stands: the upstream, the path, the file
     */
    public record Asked(int port, Set<String> names, int line, String text) {
        public Asked {
            names = Set.copyOf(names);
        }
    }

    /** @param address empty for every address */
    public record Listen(String address, int port, int line, String text) {}
}
