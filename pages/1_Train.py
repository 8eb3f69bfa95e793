"""Train: retrain the network live and watch the space form."""

from ui.shared import resources
from ui.shared.link import keep_link
from ui.shared.page import need_digits, page_frame
from ui.shared.visitor import remember_visitor, visitor
from ui.train.buttons import buttons, training_under_way
from ui.train.choice import choose_run, read_run_link, runs_to_show
from ui.train.controls import controls, settings_from_link
from ui.train.progress import show_no_run, show_run
from ui.train.results import measures, own_runs, sixteen_pairs, use_network

page_frame(
    "Train the network",
    "Choose the settings, press Train, and watch images of the same class move together and those of different classes "
    "move apart.",
)
need_digits()
resources.jobs().worker.warm()
settings_from_link()
read_run_link()
controls()
mine = resources.jobs().of_visitor(visitor())
under_way = training_under_way(mine)
buttons(under_way)
if shown := runs_to_show(mine):
    run, compared = choose_run(shown)
    show_run(run, under_way, compared)
    if not run.active:
        measures(run)
        use_network(run)
        sixteen_pairs(run)
    own_runs(run, mine)
else:
    show_no_run()
remember_visitor()
keep_link()
