"""How each act on a case is carried out. Called through ``workflow.py`` only: the gate."""
