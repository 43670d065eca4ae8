package dev.panoptes.integrity.fleet;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Keys;
import java.util.List;

/** What an agent's unit may be called. */
public final class UnitNames {
    private static final String SUFFIX = ".service";

    private UnitNames() {}

    /** The unit that the registry names, else the one of the profile's pattern and the one called like the key. */
    public static List<String> expected(DeclaredAgent agent, Profile profile) {
        String named = agent.unit();
        if (named != null) {
            return List.of(withSuffix(named));
        }
        String plain = agent.key() + SUFFIX;
        String pattern = profile.unitPattern();
        return pattern == null ? List.of(plain) : List.of(withSuffix(pattern.replace("{key}", agent.key())), plain);
    }

    /** True where two names are of one unit; an instance has the name of its template too. */
    public static boolean same(String declared, String seen) {
        return Keys.same(withSuffix(declared), withSuffix(seen))
                || template(declared).equals(withSuffix(seen));
    }

    /** True for the key itself and for the key with a fleet's prefix, such as {@code fleet-hermes}. */
    public static boolean isCalledLike(String shortName, String key) {
        String name = Keys.link(shortName);
        String link = Keys.link(key);
        return name.equals(link) || name.endsWith("-" + link);
    }

    private static String template(String name) {
        int at = name.indexOf('@');
        return at < 0 ? withSuffix(name) : name.substring(0, at + 1) + SUFFIX;
    }

    private static String withSuffix(String name) {
        return name.endsWith(SUFFIX) ? name : name + SUFFIX;
    }
}
