/** Until the model of the fact is here: its name. */
declare({ schema: 'silver', name: 'fact_encounter' });
