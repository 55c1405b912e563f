"""The example's sounds are the same every time, and of three kinds."""

from studio.projects import example, table
from studio.projects.project import listing


def test_the_example_is_a_project_that_can_be_trained(home):
    made = example.create(of_each=2)
    assert [each.name for each in made.classes] == ["keys", "motor", "winding"]
    assert len(table.rows(made)) == 6
    again = example.create(of_each=2)
    assert again.slug == "cassette_player_2" and len(listing()) == 2
    sounds = [[clip.sound for _, clip in each.clips()] for each in (made, again)]
    assert sounds[0] == sounds[1] and len(set(sounds[0])) == 6
    assert not any("silent" in remark for _, clip in made.clips() for remark in clip.remarks)
