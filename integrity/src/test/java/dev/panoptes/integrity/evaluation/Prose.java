package dev.panoptes.integrity.evaluation;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Names, ports and code that belong to no fleet. */
final class Prose {
    private static final List<String> HEADS = List.of(
            "bel", "tor", "vas", "nim", "quo", "ras", "pel", "dor", "kel", "lum", "fen", "gri", "hol", "jas", "mar",
            "ost", "pra", "sol", "tam", "ulk", "wen", "yor", "zan", "cal", "dra", "eld", "fal", "gor", "hax", "ivo");
    private static final List<String> TAILS = List.of(
            "tor", "vin", "dex", "mor", "lis", "nar", "dan", "phi", "rok", "sen", "tis", "ula", "vor", "wyn", "xis",
            "zed");
    private static final List<String> NOUNS =
            List.of("invoice", "ticket", "message", "report", "route", "asset", "review", "ledger", "photo", "order");
    private static final List<String> VERBS =
            List.of("collect", "rank", "merge", "split", "publish", "archive", "score", "trim", "replay", "verify");

    private final Random random;
    private final Set<String> used = new HashSet<>();
    private int nextPort;
    private int serial;

    Prose(long seed) {
        random = new Random(seed);
        nextPort = 7000 + random.nextInt(400);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** A word that was not given before and that is no part of another. */
    String word() {
        while (true) {
            String word = one(HEADS) + one(TAILS) + (chance(30) ? one(TAILS) : "");
            if (used.stream().noneMatch(other -> other.contains(word) || word.contains(other))) {
                used.add(word);
                return word;
            }
        }
    }

    /** A port that was not given before. */
    int port() {
        nextPort += 1 + random.nextInt(7);
        return nextPort;
    }

    /** Python functions that belong to no other program. */
    String python(int functions) {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < functions; i++) {
            String noun = one(NOUNS);
            int id = ++serial;
            code.append("""
                    def %1$s_%2$s_%3$d(%2$ss, limit=%4$d):
                        # keeps the newest %2$ss
                        chosen_%3$d = []
                        for %2$s in %2$ss[:limit]:
                            weight_%3$d = %2$s.get("weight", %5$d) * %6$d
                            if weight_%3$d > %5$d:
                                chosen_%3$d.append((%2$s["id"], weight_%3$d))
                        return sorted(chosen_%3$d, key=lambda pair: pair[1] - %5$d)


                    """.formatted(one(VERBS), noun, id, 5 + below(90), 3 + below(900), 2 + below(30)));
        }
        return code.toString();
    }

    /** JavaScript functions that belong to no other program. */
    String javascript(int functions) {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < functions; i++) {
            int id = ++serial;
            code.append("""
                    function %1$s%3$d(%2$ss, limit = %4$d) {
                      // keeps the newest ones
                      const chosen%3$d = %2$ss.slice(0, limit).filter((each) => each.weight > %5$d);
                      return chosen%3$d.map((each) => ({ id: each.id, weight: each.weight * %6$d }));
                    }

                    """.formatted(one(VERBS), one(NOUNS), id, 5 + below(90), 3 + below(900), 2 + below(30)));
        }
        return code.toString();
    }

    /** A comment or docstring that mentions a port which nothing binds. */
    String mention() {
        return one(List.of(
                "used to run on port " + (2000 + below(3000)),
                "see http://localhost:" + (2000 + below(3000)) + "/docs",
                "uvicorn.run(app, port=" + (2000 + below(3000)) + ") was here"));
    }
}
