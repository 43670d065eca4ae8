package dev.panoptes.cli.gitops;

import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.shell.UsageException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What is declared on a server now. */
final class Server {
    static final String AGENTS = "/api/v1/agents";
    static final String SCHEMAS = "/api/v1/config-schemas";
    static final String WAIVERS = "/api/v1/waivers";
    static final String SILENCES = "/api/v1/silences";

    private final ServerClient client;

    Server(ServerClient client) {
        this.client = client;
    }

    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    JsonNode get(String path) throws UsageException, InterruptedException {
        return client.get(path).orRefuse();
    }

    /** Of all pages. */
    List<JsonNode> all(String path) throws UsageException, InterruptedException {
        List<JsonNode> items = new ArrayList<>();
        String cursor = "";
        while (true) {
            JsonNode page = get(path + "?limit=1000" + cursor);
            page.path("items").forEach(items::add);
            if (!page.path("next").isString()) {
                return items;
            }
            cursor = "&cursor=" + segment(page.path("next").asString());
        }
    }

    List<JsonNode> schemas() throws UsageException, InterruptedException {
        List<JsonNode> items = new ArrayList<>();
        get(SCHEMAS).path("items").forEach(items::add);
        return items;
    }

    /** Those that were not taken back. */
    List<JsonNode> waivers() throws UsageException, InterruptedException {
        return all(WAIVERS).stream()
                .filter(each -> each.path("revoked_at").isNull())
                .toList();
    }

    /** Those that were not ended by hand. */
    List<JsonNode> silences() throws UsageException, InterruptedException {
        return all(SILENCES).stream()
                .filter(each -> each.path("ended_at").isNull())
                .toList();
    }
}
