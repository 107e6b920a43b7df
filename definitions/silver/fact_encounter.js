/** Until the model of the fact is here: its name. */
declare({ schema: 'silver', name: 'fact_encounter' });
declare({ schema: 'silver', name: 'dim_patient' });
declare({ schema: 'silver', name: 'conditions' });
