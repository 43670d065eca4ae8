package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.checks.NamedUnits.Whereabouts;
import dev.panoptes.integrity.observed.Snapshot.UnitState;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is known of a unit that something names: it is here, of the host, gone, or nobody can tell. */
class NamedUnitsTest {
    private static final String UNKNOWN = "unclear: it is not in the tree; whether the host has it is not known";

    private static String of(String units, String unit, UnitState... installed) {
        WorldBuilder builder = new WorldBuilder();
        for (String name : units.split(" ")) {
            builder.unit(Worlds.unit(name + ".service"));
        }
        Seen seen = Seen.here();
        for (UnitState state : installed) {
            seen.unit(state);
        }
        World world = builder.snapshot(seen.build()).build();
        return switch (new NamedUnits(world, world.declarations()).of(unit, false)) {
            case Whereabouts.Here here -> "here";
            case Whereabouts.OfHost host -> "of the host";
            case Whereabouts.Unclear(String reason) -> "unclear: " + reason;
            case Whereabouts.Gone(String alike) -> "gone" + (alike == null ? "" : ", " + alike + "?");
        };
    }

    /** The units of the tree, the one that is named, and what is known of it. */
    @ParameterizedTest
    @CsvSource({
        "acme-api acme-web other, acme-api.service, here",
        "acme-api acme-web other, postgresql.service, of the host",
        // Most units, and at least two, begin with the same word of at least three letters.
        "acme-api acme-web other, acme-db.service, gone",
        "acme-api acme-web other more, acme-db.service, " + UNKNOWN,
        "acme-api, acme-db.service, " + UNKNOWN,
        "acm-api acm-web, acm-queue.service, gone",
        "ac-api ac-web, ac-queue.service, " + UNKNOWN,
        "alpha beta gamma, delta.service, " + UNKNOWN,
        // A name of at least three letters that differs by one.
        "abc other more, abd.service, 'gone, abc.service?'",
        "abc other more, abcd.service, 'gone, abc.service?'",
        "ab other more, ac.service, " + UNKNOWN,
        "abc other more, abd.timer, " + UNKNOWN,
        "abc other more, acd.service, " + UNKNOWN,
        "abc1 other more, abc2.service, " + UNKNOWN,
        // Whatever is filled in may be any.
        "abc other more, %i.service, unclear: its name is filled in elsewhere",
        "abc other more, $NAME.service, unclear: its name is filled in elsewhere",
        "abc other more, {name}.service, unclear: its name is filled in elsewhere",
        "abc other more, abd, unclear: its name is filled in elsewhere",
    })
    void aNameTellsWhereAUnitIs(String units, String unit, String known) {
        assertThat(of(units, unit)).isEqualTo(known);
    }

    @Test
    void whatAHostHasIsOfTheHostByAnyOfItsNames() {
        assertThat(of(
                        "acme-api acme-web",
                        "acme-db.service",
                        UnitStates.unit("acme-db.service").build()))
                .isEqualTo("of the host");
        assertThat(of(
                        "acme-api acme-web",
                        "acme-db.service",
                        UnitStates.unit("database.service")
                                .alias("acme-db.service")
                                .build()))
                .isEqualTo("of the host");
        assertThat(of(
                        "acme-api acme-web",
                        "acme-db.service",
                        UnitStates.unit("acme-db.service").notFound().build(),
                        UnitStates.unit("other.service").build()))
                .as("the host knows the name alone")
                .isEqualTo("gone");
    }
}
