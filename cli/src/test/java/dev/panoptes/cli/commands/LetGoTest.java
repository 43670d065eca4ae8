package dev.panoptes.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LetGoTest {
    private static final long MB = 1 << 20;

    @Test
    void aCollectionIsDueWhereTheOldGenerationHasDoubledAndByEnough() {
        assertThat(LetGo.due(60 * MB, 0)).isFalse();
        assertThat(LetGo.due(65 * MB, 0)).isTrue();
        assertThat(LetGo.due(100 * MB, 40 * MB)).isFalse();
        assertThat(LetGo.due(105 * MB, 40 * MB)).isTrue();
        assertThat(LetGo.due(590 * MB, 300 * MB)).isFalse();
        assertThat(LetGo.due(610 * MB, 300 * MB)).isTrue();
        assertThat(LetGo.due(10 * MB, 300 * MB)).isFalse();
    }
}
