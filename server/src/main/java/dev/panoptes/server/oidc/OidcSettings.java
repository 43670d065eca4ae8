package dev.panoptes.server.oidc;

import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.http.Role;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the operator says of the provider.
 *
 * @param issuer exactly as the provider calls itself
 * @param clientSecret null for a public client
 * @param name what the login page calls it
 * @param publicUrl where browsers find the pages
 * @param ca null: the machine's certificates
 */
public record OidcSettings(
        URI issuer,
        String clientId,
        @Nullable String clientSecret,
        String name,
        URI publicUrl,
        List<String> scopes,
        String nameClaim,
        String rolesClaim,
        Set<String> admins,
        Set<String> operators,
        Set<String> viewers,
        Duration session,
        @Nullable Path ca) {
    /** Where the provider sends people back to. */
    public static final String CALLBACK = "/login/oidc/callback";

    private static final String EVERYBODY = "*";
    private static final Duration SHORTEST = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofDays(7);

    public OidcSettings {
        scopes = List.copyOf(scopes);
        admins = Set.copyOf(admins);
        operators = Set.copyOf(operators);
        viewers = Set.copyOf(viewers);
    }

    /** Empty where nobody logs in so, or where {@link #problems} has something to say. */
    public static Optional<OidcSettings> of(Configuration configuration) {
        Optional<URI> issuer = configuration.find(Settings.OIDC_ISSUER);
        if (issuer.isEmpty() || !problems(configuration).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new OidcSettings(
                issuer.get(),
                configuration.find(Settings.OIDC_CLIENT).orElseThrow(),
                configuration.find(Settings.OIDC_SECRET).orElse(null),
                configuration.get(Settings.OIDC_NAME),
                configuration.find(Settings.PUBLIC_URL).orElseThrow(),
                configuration.get(Settings.OIDC_SCOPES),
                configuration.get(Settings.OIDC_NAME_CLAIM),
                configuration.get(Settings.OIDC_ROLES_CLAIM),
                Set.copyOf(configuration.get(Settings.OIDC_ADMINS)),
                Set.copyOf(configuration.get(Settings.OIDC_OPERATORS)),
                Set.copyOf(configuration.get(Settings.OIDC_VIEWERS)),
                configuration.get(Settings.OIDC_SESSION),
                configuration.find(Settings.OIDC_CA).orElse(null)));
    }

    /** What contradicts itself; nothing is looked up for that. */
    public static List<String> problems(Configuration configuration) {
        List<String> problems = new ArrayList<>();
        Optional<URI> issuer = configuration.find(Settings.OIDC_ISSUER);
        Optional<String> client = configuration.find(Settings.OIDC_CLIENT);
        if (issuer.isPresent() != client.isPresent()) {
            problems.add("oidc.issuer and oidc.client_id must be set together");
        }
        if (issuer.isEmpty()) {
            return problems;
        }
        if (!safe(issuer.get(), issuer.get())) {
            problems.add("oidc.issuer must be an https URL: whoever listens on the way could be anybody");
        }
        if (issuer.get().getRawQuery() != null || issuer.get().getRawFragment() != null) {
            problems.add("oidc.issuer must have neither ? nor # in it");
        }
        if (configuration.find(Settings.PUBLIC_URL).isEmpty()) {
            problems.add("oidc.issuer needs http.public_url, to which the provider sends people back");
        }
        if (!configuration.get(Settings.OIDC_SCOPES).contains("openid")) {
            problems.add("oidc.scopes must have openid among them");
        }
        checkRoles(configuration, problems);
        Duration session = configuration.get(Settings.OIDC_SESSION);
        if (session.compareTo(SHORTEST) < 0 || session.compareTo(LONGEST) > 0) {
            problems.add("oidc.session must be from 5m to 7d");
        }
        return problems;
    }

    private static void checkRoles(Configuration configuration, List<String> problems) {
        List<String> admins = configuration.get(Settings.OIDC_ADMINS);
        List<String> operators = configuration.get(Settings.OIDC_OPERATORS);
        if (admins.contains(EVERYBODY) || operators.contains(EVERYBODY)) {
            problems.add("* stands in oidc.roles.viewer only: name the groups of admins and operators");
        }
        if (admins.isEmpty()
                && operators.isEmpty()
                && configuration.get(Settings.OIDC_VIEWERS).isEmpty()) {
            problems.add("oidc.issuer needs a group in oidc.roles.admin, oidc.roles.operator or oidc.roles.viewer;"
                    + " else nobody could come in");
        }
    }

    /** Over TLS, or on this machine like the issuer itself. */
    static boolean safe(URI url, URI issuer) {
        return "https".equalsIgnoreCase(url.getScheme())
                || ("http".equalsIgnoreCase(url.getScheme()) && onThisMachine(url) && onThisMachine(issuer));
    }

    private static boolean onThisMachine(URI url) {
        String host = String.valueOf(url.getHost()).replaceAll("[\\[\\]]", "");
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            // A name: who knows where it leads.
            return false;
        }
    }

    /** The most that these groups give; empty where none of them gives anything. */
    Optional<Role> role(Set<String> groups) {
        if (groups.stream().anyMatch(admins::contains)) {
            return Optional.of(Role.ADMIN);
        }
        if (groups.stream().anyMatch(operators::contains)) {
            return Optional.of(Role.OPERATOR);
        }
        return viewers.contains(EVERYBODY) || groups.stream().anyMatch(viewers::contains)
                ? Optional.of(Role.VIEWER)
                : Optional.empty();
    }

    /** The redirect URI, as it is to be registered with the provider. */
    String callback() {
        return publicUrl + CALLBACK;
    }

    /** Whether browsers come over TLS, to this server or to a proxy before it. */
    boolean secure() {
        return "https".equalsIgnoreCase(publicUrl.getScheme());
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "OidcSettings[" + issuer + ", " + clientId + "]";
    }
}
